internal import DecodingPolicies
public import JSON

/// `palimpsest serve` on a machine with a larger model or more processors: its own members beside
/// those of `/v1/completions`, and frames with the slots of each step and their confidences.
public struct PalimpsestEngine: TextEngine {
  let model: String?

  public init(model: String?) { self.model = model }

  public func call(_ gap: Gap, tries: Int) -> EngineCall {
    let settings = gap.settings
    let body = JSONObject([
      ("model", model.map(JSONValue.string)), ("prompt", .string(gap.prefix + gap.blank)),
      ("suffix", .string(gap.suffix)),
      ("original", gap.original.isEmpty ? nil : .string(gap.original)),
      ("instruction", gap.instruction.map(JSONValue.string)),
      ("max_tokens", .integer(min(512, gap.mostTokens))),
      ("quality", settings.unmasking.quality.map(JSONValue.integer)),
      ("slots", settings.slots.map(JSONValue.integer)),
      ("temperature", settings.temperature > 0 ? gap.temperature : nil), ("seed", gap.seed),
      ("n", tries > 1 ? .integer(tries) : nil), ("logprobs", 4), ("stream", true),
    ])
    return EngineCall("/v1/completions", .object(body), format: .events)
  }

  public func interpret(_ value: JSONValue) throws -> [Reply] {
    guard let cells = value["cells"]?.array, let step = value["step"]?.int else {
      return try OpenAIReply.interpret(value)
    }
    let slots = cells.map { cell -> ReplySlot? in
      guard let text = cell[0]?.string else { return nil }
      return ReplySlot(text: text, confidence: cell[1]?.double ?? 0)
    }
    let choice = value["choices"]?[0]?["index"]?.int ?? 0
    return [Reply(.slots(slots, step: step), choice: choice)]
  }
}
