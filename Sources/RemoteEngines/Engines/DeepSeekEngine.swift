public import JSON

/// DeepSeek's filling in the middle: `POST /beta/completions` with `suffix`, at most 4096 tokens.
public struct DeepSeekEngine: TextEngine {
  let model: String

  public init(model: String) { self.model = model }

  public var greeting: EngineCall { EngineCall("/models") }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    EngineCall(
      "/completions",
      [
        "model": .string(model), "prompt": .string(gap.prefix), "suffix": .string(gap.suffix),
        "max_tokens": .integer(gap.mostTokens), "temperature": gap.temperature,
        "stop": gap.stopList, "stream": true,
      ], format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value)
  }
}
