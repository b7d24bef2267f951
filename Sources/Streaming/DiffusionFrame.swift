public import JSON

/// The text of a canvas while a chat model denoises it, as an event that replaces the one before.
///
/// Two services stream such frames within chunks of OpenAI's chat interface.
public enum DiffusionFrame: Sendable, Equatable {
  /// Unsloth's: `"type":"diffusion_frame"`. The canvas of one block; text that is final follows as
  /// an ordinary delta, to be appended.
  case canvas(text: String, block: Int, step: Int, total: Int)
  /// Inception's: `"diffusion_meta"`, the delta being the whole answer so far. `progress`, 0...1,
  /// says only whether it is complete.
  case whole(text: String, progress: Double)

  /// The frame in a chunk; nil for a chunk that is none. Throws for a frame that lacks a part.
  public init?(chunk: JSONValue) throws(StreamError) {
    if chunk["type"]?.string == Self.type {
      guard let text = chunk["text"]?.string else {
        throw .malformed(
          expected: "a text in the diffusion frame", found: chunk["text"]?.summary ?? "none")
      }
      self = .canvas(
        text: text, block: Self.count(chunk["block"]), step: Self.count(chunk["step"]),
        total: Self.count(chunk["total"]))
      return
    }
    guard let meta = chunk["diffusion_meta"], meta["diffusion_content"]?.bool == true,
      let text = chunk["choices"]?[0]?["delta"]?["content"]?.string
    else { return nil }
    let progress = meta["diffusion_progress"]?.double ?? 0
    self = .whole(text: text, progress: max(0, min(1, progress)))
  }

  /// The frame as members of a chunk, to which the caller adds `id`, `object`, `created`, `model`. A
  /// reader that knows no frames of Unsloth's kind sees an empty delta.
  public var members: JSONObject {
    switch self {
    case .canvas(let text, let block, let step, let total):
      [
        "type": .string(Self.type), "block": .integer(block), "step": .integer(step),
        "total": .integer(total), "text": .string(text), "choices": Self.choices([:]),
      ]
    case .whole(let text, let progress):
      [
        "choices": Self.choices(["content": .string(text)]),
        "diffusion_meta": ["diffusion_content": true, "diffusion_progress": .number(progress)],
      ]
    }
  }

  private static let type = "diffusion_frame"

  private static func choices(_ delta: JSONValue) -> JSONValue {
    [["index": 0, "delta": delta, "finish_reason": nil]]
  }

  /// A count of a sender that is not trusted.
  private static func count(_ value: JSONValue?) -> Int {
    max(0, min(value?.int ?? 0, 1_000_000))
  }
}
