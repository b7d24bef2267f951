public import JSON

/// `POST /api/generate` of Ollama with `suffix`, which the template of the model must use: else it
/// answers 400, “does not support insert”.
public struct OllamaEngine: TextEngine {
  let model: String

  public init(model: String) { self.model = model }

  public var greeting: EngineCall { EngineCall("/api/tags") }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    EngineCall(
      "/api/generate",
      [
        "model": .string(model), "prompt": .string(gap.prefix), "suffix": .string(gap.suffix),
        "stream": true,
        "options": [
          "num_predict": .integer(gap.mostTokens), "temperature": gap.temperature,
          "seed": gap.seed, "stop": gap.stopList,
        ],
      ], format: .lines)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    var replies: [Reply] = []
    if let text = value["response"]?.string, !text.isEmpty {
      replies.append(Reply(.append([ReplyToken(text)])))
    }
    if value["done"]?.bool == true {
      replies.append(Reply(.finished(isCut: value["done_reason"]?.string == "length")))
    }
    return replies
  }
}
