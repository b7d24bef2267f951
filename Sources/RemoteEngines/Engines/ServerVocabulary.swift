internal import JSON

/// The tokenizer of a model that vLLM serves, through `/tokenize` and `/detokenize`. Texts of tokens
/// are remembered.
actor ServerVocabulary {
  private let engine: CanvasEngine
  private let client: EngineClient
  private var texts: [Int: String] = [:]
  /// The text of the token between two others in a question, once it is known.
  private var mark: String?

  init(_ engine: CanvasEngine, _ client: EngineClient) {
    self.engine = engine
    self.client = client
  }

  func encode(_ text: String) async throws -> [Int] {
    guard !text.isEmpty else { return [] }
    return try await tokens([("prompt", .string(text)), ("add_special_tokens", false)])
  }

  /// The conversation in which a person asks for a text, up to where the answer begins.
  func lead(_ question: String) async throws -> [Int] {
    try await tokens([
      ("messages", [["role": "user", "content": .string(question)]]),
      ("add_generation_prompt", true),
    ])
  }

  private func tokens(_ members: [(String, JSONValue)]) async throws -> [Int] {
    let body = JSONObject([("model", .string(engine.model))] + members)
    let value = try await client.json(EngineCall("/tokenize", .object(body)))
    let ids = value["tokens"]?.array?.compactMap(\.int) ?? []
    guard let count = value["tokens"]?.array?.count, ids.count == count,
      ids.allSatisfy({ (0..<engine.form.vocabulary).contains($0) })
    else {
      throw client.error(
        .unexpected("ids in “tokens”", found: value["tokens"]?.summary ?? "none"))
    }
    return ids
  }

  /// Learns the texts of tokens, all in one question where the server's texts can be told apart.
  func learn(_ tokens: [Int]) async throws {
    let unknown = Set(tokens).subtracting(texts.keys).sorted()
    guard !unknown.isEmpty else { return }
    if mark == nil { mark = try await text(of: [engine.form.close]) }
    if let mark, !mark.isEmpty {
      let close = engine.form.close
      let parts = try await text(of: unknown.flatMap { [close, $0] } + [close])
        .split(separator: mark, omittingEmptySubsequences: false)
      if parts.count == unknown.count + 2 {
        for (token, part) in zip(unknown, parts.dropFirst()) { texts[token] = String(part) }
        return
      }
    }
    for token in unknown { texts[token] = try await text(of: [token]) }
  }

  /// The texts of the tokens that were learned.
  var known: [Int: String] { texts }

  /// The text of several tokens together, of which some are parts of a character.
  func text(of tokens: [Int]) async throws -> String {
    let value = try await client.json(
      EngineCall(
        "/detokenize",
        ["model": .string(engine.model), "tokens": CanvasEngine.ids(tokens)]))
    guard let text = value["prompt"]?.string else {
      throw client.error(
        .unexpected("a text as “prompt”", found: value["prompt"]?.summary ?? "none")
      )
    }
    return text
  }
}
