public import JSON

/// A chat server that sends `diffusion_frame` events: Unsloth's for llama.cpp's diffusion models, and
/// `palimpsest serve`. A frame shows the canvas of a block; its text follows as ordinary deltas.
public struct UnslothEngine: TextEngine {
  let model: String?

  public init(model: String?) { self.model = model }

  public var appends: Bool { false }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    let body = JSONObject([
      ("model", model.map(JSONValue.string)), ("max_tokens", .integer(gap.mostTokens)),
      ("temperature", gap.temperature), ("seed", gap.seed), ("stream", true),
      ("messages", [["role": "user", "content": .string(ChatPrompt.text(for: gap))]]),
    ])
    return EngineCall("/v1/chat/completions", .object(body), format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value)
  }
}
