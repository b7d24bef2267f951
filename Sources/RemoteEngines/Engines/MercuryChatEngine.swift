internal import DecodingPolicies
public import JSON

/// Inception's chat with `diffusing`: each event has the whole text so far, noise where it is open.
public struct MercuryChatEngine: TextEngine {
  let model: String

  public init(model: String) { self.model = model }

  public var appends: Bool { false }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    // Other temperatures are reset by the service, with a warning.
    let temperature = max(0.5, min(1, gap.settings.temperature))
    return EngineCall(
      "/v1/chat/completions",
      [
        "model": .string(model), "max_tokens": .integer(gap.mostTokens), "stream": true,
        "diffusing": true, "reasoning_effort": "instant",
        "temperature": gap.settings.temperature == 0 ? 0.5 : .number(temperature),
        "messages": [["role": "user", "content": .string(ChatPrompt.text(for: gap))]],
      ], format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value).map { reply in
      // Asked for `diffusing`, every text is the whole text.
      guard case .append(let tokens) = reply.event else { return reply }
      return Reply(
        .whole(tokens.map(\.text).joined(), isSettled: false), choice: reply.choice)
    }
  }
}
