public import JSON

/// `POST /v1/completions` with `suffix`, as vLLM and SGLang serve it for models with tokens for
/// filling in the middle.
///
/// A server may ignore `suffix` without an error (llama-server does): `palimpsest engine check`
/// finds that out.
public struct CompletionsEngine: TextEngine {
  let model: String?

  public init(model: String?) { self.model = model }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    let body = JSONObject([
      ("model", model.map(JSONValue.string)), ("prompt", .string(gap.prefix)),
      ("suffix", .string(gap.suffix)), ("max_tokens", .integer(gap.mostTokens)),
      ("temperature", gap.temperature), ("seed", gap.seed), ("stop", gap.stopList),
      ("logprobs", 4), ("n", tries > 1 ? .integer(tries) : nil), ("stream", true),
    ])
    return EngineCall("/v1/completions", .object(body), format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    try OpenAIReply.interpret(value)
  }
}
