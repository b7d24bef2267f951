import JSON
import RemoteEngines
import Synchronization

/// A server of one-step reads as vLLM documents them: tokens are words with the blank before them,
/// and the answer to a slot is a word of its own, sure from the left to the right.
final class ScriptedCanvasServer: Sendable {
  private struct State {
    var words: [String] = []
    var reads: [JSONValue] = []
  }

  private static let first = 1000
  static let close = 106
  private let state = Mutex(State())
  /// Changes a reply to a read.
  private let damage: @Sendable (JSONValue) -> JSONValue

  init(damage: @escaping @Sendable (JSONValue) -> JSONValue = { $0 }) { self.damage = damage }

  var reads: [JSONValue] { state.withLock { $0.reads } }

  func id(_ word: String) -> Int {
    state.withLock { state in
      if let index = state.words.firstIndex(of: word) { return Self.first + index }
      state.words.append(word)
      return Self.first + state.words.count - 1
    }
  }

  private func text(_ id: Int) -> String {
    if id == Self.close { return "<turn|>" }
    return state.withLock { state in
      let index = id - Self.first
      return state.words.indices.contains(index) ? state.words[index] : "?\(id)"
    }
  }

  private func encode(_ text: String) -> [Int] {
    var words: [String] = []
    for character in text {
      if character == " " || words.isEmpty { words.append("") }
      words[words.count - 1].append(character)
    }
    return words.map(id)
  }

  func answer(_ request: HTTPRequest) throws -> ScriptedTransport.Answer {
    let body = try request.json
    let path = request.address.split(separator: "/").last ?? ""
    switch path {
    case "tokenize":
      let ids =
        body["messages"] == nil
        ? encode(body["prompt"]?.string ?? "") : encode("<user> question <model>")
      return .init(
        JSONValue.object([
          "tokens": .array(ids.map(JSONValue.integer)), "count": .integer(ids.count),
        ]).serialized())
    case "detokenize":
      let ids = body["tokens"]?.array?.compactMap(\.int) ?? []
      return .init(JSONValue.object(["prompt": .string(ids.map(text).joined())]).serialized())
    default:
      state.withLock { $0.reads.append(body) }
      return .init(damage(read(body)).serialized())
    }
  }

  private func read(_ body: JSONValue) -> JSONValue {
    let canvas = body["vllm_xargs"]?["diffusion_seed_canvas"]?.array?.compactMap(\.int) ?? []
    let pinned = Set(
      body["vllm_xargs"]?["diffusion_pinned"]?.array?.compactMap(\.int) ?? [])
    let tokens = canvas.indices.map { pinned.contains($0) ? canvas[$0] : id(" w\($0)") }
    let tops = canvas.indices.map { slot -> JSONValue in
      .object(
        JSONObject([
          ("token_id:\(tokens[slot])", .number(-0.1 - Double(slot) / 100)),
          ("token_id:\(id(" v\(slot)"))", -3),
          ("token_id:\(Self.close)", -0.01),
        ]))
    }
    return [
      "choices": [
        [
          "index": 0, "text": "",
          "logprobs": [
            "tokens": .array(tokens.map { .string("token_id:\($0)") }),
            "top_logprobs": .array(tops),
          ],
        ]
      ]
    ]
  }
}
