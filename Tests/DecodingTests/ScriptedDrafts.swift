import Decoding
import Tensors

/// A model of drafts over a small vocabulary: the probability of a token follows from the tokens
/// before it, by a function.
struct ScriptedDrafts: DraftModel {
  /// Tokens that may come after `text`, with weights that sum to 1.
  var next: ([Int]) -> [TokenCandidate]
  var proposals: ([Canvas]) -> [[SlotPrediction]]? = { _ in nil }
  /// What each draft's cache holds.
  private(set) var caches: [Int: [Int]] = [:]
  private(set) var forwardPasses = 0
  /// Throws once when so many passes were made.
  var failsAfter: Int?

  struct Failure: Error {}

  init(_ next: @escaping ([Int]) -> [TokenCandidate]) {
    self.next = next
  }

  private mutating func pass() throws {
    if failsAfter == forwardPasses {
      failsAfter = nil
      throw Failure()
    }
    forwardPasses += 1
  }

  mutating func advance(_ rows: [DraftRow], _ query: DraftQuery) throws -> [DraftPrediction] {
    try pass()
    return rows.map { row in
      caches[row.draft, default: []] += row.token.map { [$0] } ?? []
      let all = next(caches[row.draft, default: []])
      let allowed = all.filter { !(query.banned + row.banned).contains($0.token) }
      var rest = Float(CounterRandom.unit(seed: query.seed, slot: row.draft, token: 0))
      rest *= allowed.reduce(0) { $0 + $1.probability }
      let drawn =
        allowed.first {
          rest -= $0.probability
          return rest <= 0
        } ?? allowed[0]
      return DraftPrediction(
        token: drawn.token, probability: drawn.probability,
        logProbability: -Self.surprise(drawn.probability), candidates: TokenCandidates(allowed),
        following: -Self.surprise(all.first { $0.token == query.following }?.probability ?? 1e-6))
    }
  }

  mutating func read(_ readings: [DraftReading]) throws -> [[Float]] {
    try pass()
    return readings.map { reading in
      var text = Array(caches[reading.draft, default: []].prefix(reading.count))
      return reading.tokens.map { token in
        defer { text.append(token) }
        return surprise(of: token, after: text)
      }
    }
  }

  mutating func fork(_ source: Int, count: Int, to target: Int) {
    caches[target] = Array(caches[source, default: []].prefix(count))
  }

  mutating func extend(_ extensions: [DraftExtension]) throws -> [[Float]] {
    try pass()
    return extensions.map { draft in
      (draft.tokens + [draft.next]).enumerated().compactMap { index, token in
        defer { if index < draft.tokens.count { caches[draft.draft, default: []].append(token) } }
        return index == 0 ? nil : surprise(of: token, after: caches[draft.draft, default: []])
      }
    }
  }

  mutating func recast(_ drafts: [DraftExtension]) throws -> [[Float]] {
    for draft in drafts { caches[draft.draft] = [] }
    return zip(drafts, try extend(drafts)).map { [surprise(of: $0.tokens[0], after: [])] + $1 }
  }

  private func surprise(of token: Int, after text: [Int]) -> Float {
    Self.surprise(next(text).first { $0.token == token }?.probability ?? 1e-6)
  }

  func propose(_ canvases: [Canvas]) -> [[SlotPrediction]]? { proposals(canvases) }

  /// −ln p in steps of ln 2, so that no C library is asked.
  static func surprise(_ probability: Float) -> Float { -Float(probability.exponent) * 0.6931 }
}

/// A form in which token 9 ends a passage and token 8 breaks it.
struct PlainForm: PassageForm {
  var banned: [Int] = []
  var bannedFirst: [Int] = []
  var stops: Set<Int> = []
  var endsWithMark = false

  func verdict(on tokens: [Int]) -> PassageVerdict {
    if tokens.contains(8) { return .broken }
    return tokens.last == 9 ? .mayEnd : .goesOn
  }

  func repeats(in tokens: [Int]) -> Int {
    let pairs = zip(tokens, tokens.dropFirst()).map { [$0, $1] }
    return pairs.count - Set(pairs).count
  }

  func exchanges(_ old: Int, for token: Int, before next: Int?) -> Bool { old != 9 && token != 9 }
}
