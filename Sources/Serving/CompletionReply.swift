internal import Glibc
internal import Infilling
internal import JSON

/// Answers of `/v1/completions`, whole and as chunks.
struct CompletionReply: Sendable {
  /// The request's.
  var id: String
  var model: String
  /// Seconds since 1970.
  var created: Int
  var logprobs: Int?
  var warning: String?

  private func object(_ choices: [JSONValue]) -> JSONObject {
    [
      "id": .string(id), "object": "text_completion", "created": .integer(created),
      "model": .string(model), "choices": .array(choices),
    ]
  }

  private func choice(
    _ index: Int, text: String, finish: String?, _ logprobs: JSONValue = .null
  ) -> JSONValue {
    [
      "index": .integer(index), "text": .string(text), "logprobs": logprobs,
      "finish_reason": finish.map(JSONValue.string) ?? .null,
    ]
  }

  /// The answer with all choices.
  func whole(_ results: [SpanResult]) -> JSONValue {
    var reply = object(
      results.enumerated().map { index, result in
        choice(index, text: result.text, finish: result.finishReason, logprobs(of: result))
      })
    reply["usage"] = Self.usage(results)
    if let warning { reply["warning"] = .string(warning) }
    return .object(reply)
  }

  /// The first event of a stream that has a warning.
  var warningChunk: JSONValue? {
    guard let warning else { return nil }
    var chunk = object([])
    chunk["warning"] = .string(warning)
    return .object(chunk)
  }

  func chunk(_ frame: StepFrame) -> JSONValue {
    var chunk = object([choice(frame.choice, text: "", finish: nil)])
    let members = frame.members
    for (key, value) in zip(members.keys, members.values) { chunk[key] = value }
    return .object(chunk)
  }

  /// The text of a choice, then its end.
  func chunks(_ result: SpanResult, choice index: Int) -> [JSONValue] {
    [
      .object(object([choice(index, text: result.text, finish: nil, logprobs(of: result))])),
      .object(object([choice(index, text: "", finish: result.finishReason)])),
    ]
  }

  func usageChunk(_ results: [SpanResult]) -> JSONValue {
    var chunk = object([])
    chunk["usage"] = Self.usage(results)
    return .object(chunk)
  }

  private static func usage(_ results: [SpanResult]) -> JSONValue {
    [
      "completion_tokens": .integer(results.reduce(0) { $0 + $1.cells.count }),
      "diffusion_steps": .integer(results.reduce(0) { $0 + $1.steps }),
      "forward_passes": .integer(results.reduce(0) { $0 + $1.forwardPasses }),
    ]
  }

  /// ln of the probability that each token had when it was chosen, both sides in view or not, as the
  /// decoder has it; null where it was not asked for.
  private func logprobs(of result: SpanResult) -> JSONValue {
    guard let logprobs else { return .null }
    var offset = 0
    var offsets: [JSONValue] = []
    for cell in result.cells {
      offsets.append(.integer(offset))
      offset += cell.text.unicodeScalars.count
    }
    return [
      "tokens": .array(result.cells.map { .string($0.text) }),
      "token_logprobs": .array(result.cells.map { Self.logarithm($0.confidence) }),
      "top_logprobs": .array(
        result.cells.map { cell in
          .object(
            JSONObject(
              cell.alternatives.prefix(logprobs).map { ($0.text, Self.logarithm($0.probability)) }))
        }),
      "text_offset": .array(offsets),
    ]
  }

  private static func logarithm(_ probability: Float) -> JSONValue {
    probability > 0 ? .rounded(Glibc.log(Double(probability)), 5) : .rounded(-9999)
  }
}
