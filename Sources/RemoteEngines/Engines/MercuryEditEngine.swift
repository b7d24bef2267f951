public import JSON

/// Inception's `POST /v1/edit/completions`: rewrites a marked region of a file. It cannot stream.
public struct MercuryEditEngine: TextEngine {
  let model: String

  public init(model: String) { self.model = model }

  public var appends: Bool { false }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    EngineCall(
      "/v1/edit/completions",
      [
        "model": .string(model), "max_tokens": .integer(gap.mostTokens),
        "temperature": gap.temperature,
        "messages": [["role": "user", "content": .string(Self.content(of: gap))]],
      ])
  }

  /// All tags must stand there, empty ones with a line between them; the marked region within the
  /// file.
  static func content(of gap: Gap) -> String {
    """
    <|recently_viewed_code_snippets|>
    <|/recently_viewed_code_snippets|>

    <|current_file_content|>
    current_file_path: document
    \(gap.prefix)\(gap.blank)
    <|code_to_edit|>
    \(gap.original)<|cursor|>
    <|/code_to_edit|>
    \(gap.suffix)
    <|/current_file_content|>

    <|edit_diff_history|>
    <|/edit_diff_history|>
    """
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value).map { reply in
      guard case .append(let tokens) = reply.event else { return reply }
      let text = tokens.map(\.text).joined().withoutFence
      return Reply(.append([ReplyToken(text)]), choice: reply.choice)
    }
  }
}

extension String {
  /// The text without a fence of three backticks around all of it.
  var withoutFence: String {
    let body = drop(while: \.isWhitespace)
    guard body.hasPrefix("```"), let first = body.firstIndex(of: "\n") else { return self }
    var inner = body[body.index(after: first)...]
    while inner.last?.isWhitespace == true { inner.removeLast() }
    guard inner.hasSuffix("```") else { return self }
    inner.removeLast(3)
    return inner.last == "\n" ? String(inner.dropLast()) : String(inner)
  }
}
