internal import JSON

/// How an answer is cut into events.
protocol StreamedReply: Sendable {
  /// Events before all others.
  var opening: [JSONValue] { get }
  /// Whether the event `[DONE]` comes last.
  var endsWithDone: Bool { get }

  func event(_ frame: StepFrame) -> JSONValue
  /// Events with the text of a span and its end.
  func events(_ result: SpanResult, choice: Int) -> [JSONValue]
  /// Events once all spans are done.
  func closing(_ results: [SpanResult]) -> [JSONValue]
}

/// `/v1/completions`.
struct StreamedCompletion: StreamedReply {
  var reply: CompletionReply
  var includesUsage: Bool

  var endsWithDone: Bool { true }
  var opening: [JSONValue] { reply.warningChunk.map { [$0] } ?? [] }
  func event(_ frame: StepFrame) -> JSONValue { reply.chunk(frame) }

  func events(_ result: SpanResult, choice: Int) -> [JSONValue] {
    reply.chunks(result, choice: choice)
  }

  func closing(_ results: [SpanResult]) -> [JSONValue] {
    includesUsage ? [reply.usageChunk(results)] : []
  }
}

/// `/infill`, whose stream ends with `"stop":true`.
struct StreamedInfill: StreamedReply {
  var body: InfillBody
  var model: String

  var endsWithDone: Bool { false }
  var opening: [JSONValue] { [] }

  func event(_ frame: StepFrame) -> JSONValue {
    var chunk: JSONObject = ["index": 0, "content": "", "stop": false]
    let members = frame.members
    for (key, value) in zip(members.keys, members.values) { chunk[key] = value }
    return .object(chunk)
  }

  func events(_ result: SpanResult, choice: Int) -> [JSONValue] {
    [body.content(result), body.last(result, model: model)]
  }

  func closing(_ results: [SpanResult]) -> [JSONValue] { [] }
}
