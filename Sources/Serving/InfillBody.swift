internal import Infilling
internal import JSON

/// A request of `/infill`, as llama.cpp's server has it: what llama.vim and its kin send.
///
/// Members for samplers and caches that this engine lacks are ignored.
struct InfillBody: Equatable {
  var span: SpanRequest
  var isStreamed: Bool
  var showsFrames: Bool
  /// Members of the answer that are wanted, `timings/prompt_n` for one in an object; nil for all.
  var fields: [String]?

  /// Whether only the text around the passage is to be read, for requests to come.
  var onlyReads: Bool { span.maximumTokens == 0 }

  init(_ body: [UInt8], _ limits: ServiceLimits) throws(ServiceError) {
    var members = try Members(body)
    guard let prefix = try members.string("input_prefix") else {
      throw Self.missing("input_prefix", "before")
    }
    guard let suffix = try members.string("input_suffix") else {
      throw Self.missing("input_suffix", "after")
    }
    let options = try SpanOptions(
      &members, length: "n_predict", standard: 64, unlimited: -1, limits, showsFrames: false)
    let extra = try Self.extra(&members)
    let begun = try members.string("prompt") ?? ""
    span = options.span(
      prefix: extra + prefix + begun, original: try members.string("original") ?? "",
      suffix: suffix)
    isStreamed = options.isStreamed
    showsFrames = options.showsFrames
    fields = try members.strings("response_fields")
  }

  private static func missing(_ name: String, _ side: String) -> ServiceError {
    .invalid(
      member: name, expected: "the text \(side) the passage, which may be empty", found: "none")
  }

  /// Texts of other files, each ended by a line break, in the order they are listed.
  private static func extra(_ members: inout Members) throws(ServiceError) -> String {
    guard let value = members.value("input_extra") else { return "" }
    let texts = value.array?.compactMap { $0["text"]?.string }
    guard let texts, texts.count == value.array?.count else {
      throw Members.wrong("input_extra", "an array of objects with `text`", value)
    }
    return texts.map { $0.isEmpty || $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined()
  }
}

extension InfillBody {
  /// The members of a whole answer, those that are wanted.
  func answer(_ result: SpanResult, model: String) -> JSONValue {
    selected(Self.object(result, content: result.text, model: model))
  }

  /// What is left of an answer whose text was streamed.
  func last(_ result: SpanResult, model: String) -> JSONValue {
    .object(Self.object(result, content: "", model: model))
  }

  /// The event with the text.
  func content(_ result: SpanResult) -> JSONValue {
    [
      "index": 0, "content": .string(result.text),
      "tokens": .array(result.cells.compactMap(\.token).map(JSONValue.integer)), "stop": false,
      "tokens_predicted": .integer(result.cells.count),
    ]
  }

  private static func object(_ result: SpanResult, content: String, model: String) -> JSONObject {
    let (type, word) =
      switch result.end {
      case .complete: ("eos", "")
      case .stop(let word): ("word", word)
      case .length: ("limit", "")
      }
    let seconds = result.milliseconds / 1000
    return [
      "index": 0, "content": .string(content), "stop": true, "stop_type": .string(type),
      "stopping_word": .string(word), "model": .string(model),
      "tokens": .array(result.cells.compactMap(\.token).map(JSONValue.integer)),
      "tokens_predicted": .integer(result.cells.count),
      "has_new_line": .bool(result.text.contains("\n")), "truncated": false,
      "timings": [
        "predicted_n": .integer(result.cells.count),
        "predicted_ms": .rounded(result.milliseconds, 3),
        "predicted_per_token_ms": .rounded(
          result.milliseconds / Double(max(1, result.cells.count)), 3),
        "predicted_per_second": .rounded(
          seconds > 0 ? Double(result.cells.count) / seconds : 0, 3),
        "diffusion_steps": .integer(result.steps), "forward_passes": .integer(result.forwardPasses),
      ],
    ]
  }

  /// The members named by `fields`, each under the name it was asked by; names of none are left out.
  func selected(_ object: JSONObject) -> JSONValue {
    guard let fields else { return .object(object) }
    var chosen = JSONObject()
    for field in fields {
      let path = field.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard let value = path.reduce(JSONValue?.some(.object(object)), { $0?[$1] }) else { continue }
      chosen[field] = value
    }
    return .object(chosen)
  }
}
