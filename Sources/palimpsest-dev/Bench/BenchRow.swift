internal import JSON

/// One line of the table.
struct BenchRow {
  /// `step`, `context` and `ar` are named as the peer's driver names them.
  var name: String
  var slots = 0
  var context = 0
  var samples: Samples
  /// Least multiply-adds of 8-bit products and bytes of weights for the work; 0 if neither limits
  /// it.
  var products = 0.0
  var bytes = 0.0
  /// Tokens it makes; 0 where none are counted.
  var tokens = 0

  var title: String {
    switch name {
    case "step": "step, \(slots) slots over \(context)"
    case "tries": "\(slots) drafts, a token after \(context)"
    case "closings": "\(slots) closings of 20 + 24 after \(context)"
    case "context": "context, \(context) tokens"
    case "ar": "ar, \(slots) tokens after \(context)"
    case "infill": "infill, \(slots) slots, 8 steps, \(context) context"
    case "infill-read": "the same, context read ahead"
    case "continuation": "continuation, \(slots) tokens, \(context) context"
    case "search-first": "search, first word of \(slots) tokens after \(context)"
    case "search": "search, \(slots) tokens after \(context) and more"
    case "start": "start to model ready"
    case "prose-ar": "ar, 9 texts of \(slots) tokens"
    case "self-spec": "self-speculation, the same texts"
    case "8b-int8", "8b-int4":
      "8B in \(name.suffix(1)) bits, \(slots) over \(context), 4 layers times 9"
    case "polite": "step, \(slots) over \(context), beside another process"
    default: name
    }
  }

  var json: JSONValue {
    var object = JSONObject([
      ("name", .string(name)), ("slots", .integer(slots)), ("context", .integer(context)),
      ("runs", .integer(samples.times.count)), ("min_ms", .rounded(samples.minimum, 3)),
      ("median_ms", .rounded(samples.median, 3)), ("p95_ms", .rounded(samples.p95, 3)),
      ("cpu_ms", .rounded(samples.processorTime, 3)),
    ])
    if tokens > 0 {
      object["tokens_per_s"] = .rounded(Double(tokens) / samples.median * 1000, 1)
    }
    return .object(object)
  }
}
