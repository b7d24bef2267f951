public import JSON

/// Inception's `POST /v1/fim/completions`. One shot: the stream has ordinary deltas and no frames.
///
/// `stop` is always sent: without it the service stops at the first blank line.
public struct MercuryFIMEngine: TextEngine {
  let model: String

  public init(model: String) { self.model = model }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    // An empty list might count as none.
    let stops = gap.stops.isEmpty ? ["<|endoftext|>"] : gap.stops
    return EngineCall(
      "/v1/fim/completions",
      [
        "model": .string(model), "prompt": .string(gap.prefix), "suffix": .string(gap.suffix),
        "max_tokens": .integer(gap.mostTokens), "presence_penalty": 0,
        "stop": .array(stops.map(JSONValue.string)), "stream": true,
      ], format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value)
  }
}
