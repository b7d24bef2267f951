internal import DecodingPolicies
internal import Inference
internal import Infilling
internal import JSON

/// One JSON object a step, one a line; the help of `fill` lists the members.
final class JSONFillOutput: FillOutput {
  /// Receives whole lines.
  private let write: (String) throws -> Void
  /// Sums over all passages.
  private var tokens = 0
  private var forwardPasses = 0
  private var milliseconds = 0.0

  init(write: @escaping (String) throws -> Void) {
    self.write = write
  }

  func loading() {}
  func began(_ scene: FillScene) {}
  func ended() {}

  func step(_ step: InfillStep, _ scene: FillScene) throws {
    try write(Self.object(step, passage: scene.passage).serialized() + "\n")
    milliseconds += step.milliseconds
    if step.isLast {
      tokens += step.cells.count { $0.state != .deleted }
      forwardPasses += step.forwardPasses
    }
  }

  func ranked(_ candidates: [FillCandidate], _ scene: FillScene) throws {
    let list = candidates.map { candidate -> JSONValue in
      var object = JSONObject([
        ("text", .string(candidate.text)),
        ("seed", .string(String(candidate.request.settings.seed))),
        ("slots", .integer(candidate.canvas.count)),
      ])
      if let score = candidate.score {
        object["score"] = .rounded(score.value)
        object["perToken"] = .rounded(score.passage.perToken)
        object["tokens"] = .integer(score.passage.tokens)
        object["followingPerToken"] = .rounded(score.following.perToken)
        object["followingTokens"] = .integer(score.following.tokens)
      }
      object["chosen"] = .bool(candidate.isChosen)
      return .object(object)
    }
    let object: JSONValue = ["passage": .integer(scene.passage), "candidates": .array(list)]
    try write(object.serialized() + "\n")
  }

  func finished(texts: [String], document: [UInt8]) throws {
    let object: JSONValue = [
      "passages": .array(texts.map(JSONValue.string)),
      "document": .string(String(decoding: document, as: UTF8.self)),
      "tokens": .integer(tokens), "forwardPasses": .integer(forwardPasses),
      "tokensPerForward": .rounded(
        forwardPasses == 0 ? 0 : Double(tokens) / Double(forwardPasses)),
      "tokensPerSecond": .rounded(
        milliseconds == 0 ? 0 : Double(tokens) / milliseconds * 1000),
      "milliseconds": .rounded(milliseconds),
    ]
    try write(object.serialized() + "\n")
  }

  static func object(_ step: InfillStep, passage: Int) -> JSONValue {
    let changed = step.changed.map { slot -> JSONValue in
      let cell = step.cells[slot]
      return [
        "slot": .integer(slot),
        "token": cell.token.map(JSONValue.integer) ?? .null,
        "text": .string(cell.text),
        "confidence": .rounded(Double(cell.confidence)),
        "alternatives": .array(
          cell.alternatives.map {
            [
              "token": .integer($0.token), "text": .string($0.text),
              "probability": .rounded(Double($0.probability)),
            ]
          }),
      ]
    }
    var object = JSONObject([
      ("passage", .integer(passage)),
      ("step", .integer(step.index)),
      ("canvas", .array(step.cells.map { $0.state == .open ? .null : .string($0.text) })),
      ("changed", .array(changed)),
      ("milliseconds", .rounded(step.milliseconds)),
      ("forwardPasses", .integer(step.forwardPasses)),
      ("masksLeft", .integer(step.masksLeft)),
    ])
    if let search = step.search {
      object["search"] = [
        "stage": .string(search.stage.rawValue), "tries": .integer(search.drafts),
        "alive": .integer(search.alive), "join": search.join.map { .rounded(Double($0)) } ?? .null,
      ]
    }
    return .object(object)
  }
}
