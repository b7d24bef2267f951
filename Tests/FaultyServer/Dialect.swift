internal import JSON

/// A protocol that the faulty server speaks, as far as it speaks one.
public enum Dialect: String, Sendable, CaseIterable {
  /// `/v1/completions` of OpenAI's kind, streamed.
  case completions
  /// llama-server's `/infill`, streamed.
  case infill
  /// Chat-shaped deltas: Codestral's FIM, Mercury's chat.
  case deltas
  /// Mercury's chat with `diffusing`: the whole text in every chunk.
  case whole
  /// Unsloth's frames, then the text.
  case frames
  /// Ollama's lines of JSON.
  case ollama
  /// `/v1/completions` in one piece.
  case json

  var contentType: String {
    switch self {
    case .ollama: "application/x-ndjson"
    case .json: "application/json"
    default: "text/event-stream"
    }
  }

  /// How values are framed.
  func frame(_ value: JSONValue, lineEnd: String = "\n") -> [UInt8] {
    let text = value.serialized()
    return switch self {
    case .ollama: Array((text + lineEnd).utf8)
    case .json: Array(text.utf8)
    default: Array("data: \(text)\(lineEnd)\(lineEnd)".utf8)
    }
  }

  /// The values that bring `parts`, then their end.
  func values(_ parts: [String]) -> [JSONValue] {
    switch self {
    case .completions: parts.map { chunk($0) } + [chunk("", finish: "stop")]
    case .infill:
      parts.map { ["index": 0, "content": .string($0), "stop": false] }
        + [["index": 0, "content": "", "stop": true, "stop_type": "eos"]]
    case .deltas: parts.map { delta(["content": .string($0)]) } + [delta([:], finish: "stop")]
    case .whole:
      parts.indices.map { index -> JSONValue in
        var text = parts[...index].joined()
        let isLast = index == parts.count - 1
        if !isLast { text += "x\u{1F}: r%t" }
        return delta(
          ["role": "assistant", "content": .string(text)], finish: isLast ? "stop" : nil,
          ["diffusion_content": true, "diffusion_progress": isLast ? 1 : 0])
      } + [delta([:], finish: "stop")]
    case .frames:
      parts.indices.map { index in
        let text =
          parts[...index].joined() + String(repeating: "░", count: parts.count - 1 - index)
        return frame(step: index + 1, of: parts.count, text)
      } + [delta(["content": .string(parts.joined())]), delta([:], finish: "stop")]
    case .ollama:
      parts.map { ["model": "faulty", "response": .string($0), "done": false] }
        + [["model": "faulty", "response": "", "done": true, "done_reason": "stop"]]
    case .json: [chunk(parts.joined(), finish: "stop")]
    }
  }

  func chunk(_ text: String, finish: String? = nil) -> JSONValue {
    [
      "id": "cmpl-1", "object": "text_completion", "model": "faulty",
      "choices": [
        [
          "index": 0, "text": .string(text), "logprobs": nil,
          "finish_reason": finish.map(JSONValue.string) ?? .null,
        ]
      ],
    ]
  }

  private func delta(
    _ delta: JSONValue, finish: String? = nil, _ meta: JSONValue? = nil
  ) -> JSONValue {
    var chunk: JSONObject = [
      "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "faulty",
      "choices": [
        ["index": 0, "delta": delta, "finish_reason": finish.map(JSONValue.string) ?? .null]
      ],
    ]
    chunk["diffusion_meta"] = meta
    return .object(chunk)
  }

  func frame(step: Int, of total: Int, _ text: String) -> JSONValue {
    [
      "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "faulty",
      "type": "diffusion_frame", "block": 0, "step": .integer(step), "total": .integer(total),
      "text": .string(text), "choices": [["index": 0, "delta": [:], "finish_reason": nil]],
    ]
  }

  /// What ends the stream after its values.
  var done: [UInt8] {
    switch self {
    case .completions, .deltas, .whole, .frames: Array("data: [DONE]\n\n".utf8)
    case .infill, .ollama, .json: []
    }
  }
}
