internal import DecodingPolicies
internal import JSON
internal import Streaming

/// Replies in the shape of OpenAI's completions and chat, streamed or whole, with the additions of
/// Inception and Unsloth: `choices[].text`, `.delta.content` or `.message.content`.
enum OpenAIReply {
  static func interpret(_ value: JSONValue) throws -> [Reply] {
    var replies: [Reply] = []
    if let warning = value["warning"]?.string, !warning.isEmpty {
      replies.append(Reply(.notice("The server warns: \(ServiceFault(warning).shortMessage)")))
    }
    if let frame = try DiffusionFrame(chunk: value) {
      switch frame {
      case .whole(let text, let progress):
        replies.append(Reply(.whole(text, isSettled: progress >= 1)))
      case .canvas(let text, _, let step, let total):
        let choice = value["choices"]?[0]?["index"]?.int ?? 0
        return replies + [Reply(.canvas(text, step: step, of: total), choice: choice)]
      }
    }
    for (place, choice) in (value["choices"]?.array ?? []).enumerated() {
      let number = choice["index"]?.int ?? place
      if value["diffusion_meta"] == nil, let tokens = tokens(of: choice) {
        replies.append(Reply(.append(tokens), choice: number))
      }
      if let reason = choice["finish_reason"]?.string {
        replies.append(Reply(.finished(isCut: reason == "length"), choice: number))
      }
    }
    return replies
  }

  /// The text of a choice, as tokens where it has their probabilities; nil for none.
  private static func tokens(of choice: JSONValue) -> [ReplyToken]? {
    let text =
      choice["text"]?.string ?? choice["delta"]?["content"]?.string
      ?? choice["message"]?["content"]?.string
    guard let text, !text.isEmpty else { return nil }
    let tokens = probabilities(choice["logprobs"])
    return tokens.map(\.text).joined() == text ? tokens : [ReplyToken(text)]
  }

  /// `logprobs` of completions: lists that go together.
  private static func probabilities(_ value: JSONValue?) -> [ReplyToken] {
    guard let texts = value?["tokens"]?.array, let logs = value?["token_logprobs"]?.array,
      texts.count == logs.count
    else { return [] }
    let others = value?["top_logprobs"]?.array ?? []
    return texts.indices.map { index in
      let text = texts[index].string ?? ""
      let listed = others.indices.contains(index) ? others[index].object : nil
      let found = listed.map { zip($0.keys, $0.values) }?.compactMap { other, log in
        other == text ? nil : log.double.map { ReplyToken.Other(text: other, logProbability: $0) }
      }
      return ReplyToken(
        text, logProbability: logs[index].double,
        others: (found ?? []).sorted { $0.logProbability > $1.logProbability })
    }
  }
}

extension JSONObject {
  /// Adds members that are not nil.
  mutating func add(_ members: [(String, JSONValue?)]) {
    for (key, value) in members { if let value { self[key] = value } }
  }

  init(_ members: [(String, JSONValue?)]) {
    self.init()
    add(members)
  }
}

extension Gap {
  var stopList: JSONValue { .array(stops.map(JSONValue.string)) }

  var seed: JSONValue { .integer(Int(truncatingIfNeeded: settings.seed & 0x7FFF_FFFF)) }

  var temperature: JSONValue { .number(settings.temperature) }
}
