public import JSON

/// Mistral's `POST /v1/fim/completions`. The request is one of completions, the reply one of chat.
public struct CodestralEngine: TextEngine {
  let model: String

  public init(model: String) { self.model = model }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    EngineCall(
      "/v1/fim/completions",
      [
        "model": .string(model), "prompt": .string(gap.prefix), "suffix": .string(gap.suffix),
        "max_tokens": .integer(gap.mostTokens), "temperature": gap.temperature,
        "random_seed": gap.seed, "stop": gap.stopList, "stream": true,
      ], format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value)
  }
}
