public import JSON

/// `POST /infill` of llama-server. It builds the prompt from the model's own tokens, and answers 501
/// for a model that has none.
public struct LlamaInfillEngine: TextEngine {
  public init() {}

  public var greeting: EngineCall { EngineCall("/health") }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    EngineCall(
      "/infill",
      [
        "input_prefix": .string(gap.prefix), "input_suffix": .string(gap.suffix),
        "n_predict": .integer(gap.mostTokens), "temperature": gap.temperature, "seed": gap.seed,
        "stop": gap.stopList, "n_probs": 4, "cache_prompt": true, "stream": true,
      ], format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    var replies: [Reply] = []
    if let text = value["content"]?.string, !text.isEmpty {
      let tokens = (value["completion_probabilities"]?.array ?? []).map(Self.token)
      let isWhole = tokens.map(\.text).joined() == text
      replies.append(Reply(.append(isWhole ? tokens : [ReplyToken(text)])))
    }
    if value["stop"]?.bool == true {
      let isCut = value["stop_type"]?.string == "limit" || value["truncated"]?.bool == true
      replies.append(Reply(.finished(isCut: isCut)))
    }
    return replies
  }

  private static func token(_ value: JSONValue) -> ReplyToken {
    let text = value["token"]?.string ?? ""
    let others = (value["top_logprobs"]?.array ?? []).compactMap { other -> ReplyToken.Other? in
      guard let name = other["token"]?.string, name != text, let log = other["logprob"]?.double
      else { return nil }
      return ReplyToken.Other(text: name, logProbability: log)
    }
    return ReplyToken(text, logProbability: value["logprob"]?.double, others: others)
  }
}
