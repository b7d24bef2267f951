internal import Tensors
public import Transformers

/// Log-probabilities of continuations under the causal model: what ranks candidates for a passage.
///
/// The text before is read once; continuations run side by side in few passes, each seeing that
/// text and itself alone.
public final class CausalScorer {
  private let model: ForwardModel
  private let before: CachedPrompt
  private let onLayer: (Int) throws -> Void

  /// Tokens run in one pass, more only for a continuation that is longer.
  private static let rows = 256

  /// - Parameter before: text from position 0, at least one token; what of it is encoded already is
  ///   not run again.
  public init(
    _ model: ForwardModel, after before: CachedPrompt,
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    precondition(
      before.firstPosition == 0 && before.before == nil && !before.tokens.isEmpty,
      "a continuation follows text from position 0")
    self.model = model
    self.before = before
    self.onLayer = onLayer
  }

  /// ln p of every token of every continuation, given the text before and the tokens to its left.
  /// Continuations with the same beginning do not share work.
  public func logProbabilities(_ continuations: [[Int]]) throws -> [[Float]] {
    var results = continuations.map { _ in [Float]() }
    guard continuations.contains(where: { !$0.isEmpty }) else { return results }
    let first = try before.lastState(on: model.transformer, onLayer: onLayer).state
    let head = model.head
    head.project(first)
    let values = head.logits.row(0)
    try head.summarize([LogitsRow(row: 0)], banned: [], candidates: 0)
    let normalizer = head.summaries[0].logNormalizer
    for (index, tokens) in continuations.enumerated() {
      if let token = tokens.first { results[index].append(values[token] - normalizer) }
    }
    var group: [Int] = []
    var rows = 0
    for (index, tokens) in continuations.enumerated() where tokens.count > 1 {
      if rows + tokens.count - 1 > Self.rows && !group.isEmpty {
        try score(group, of: continuations, into: &results)
        (group, rows) = ([], 0)
      }
      group.append(index)
      rows += tokens.count - 1
    }
    if !group.isEmpty { try score(group, of: continuations, into: &results) }
    return results
  }

  /// One pass over the continuations `group`, the last token of each left out.
  private func score(
    _ group: [Int], of continuations: [[Int]], into results: inout [[Float]]
  ) throws {
    var tokens: [Int] = []
    var positions: [Int] = []
    var owner: [Int] = []
    var targets: [Int] = []
    for index in group {
      let continuation = continuations[index]
      for (place, token) in continuation.dropLast().enumerated() {
        tokens.append(token)
        positions.append(before.tokens.count + place)
        owner.append(index)
        targets.append(continuation[place + 1])
      }
    }
    try model.run(
      ForwardPass(
        tokens, positions: positions, context: [before.context],
        visibility: .custom { row, column in column <= row && owner[row] == owner[column] }),
      onLayer: onLayer)
    // Logits of a few rows at a time: a row is as long as the vocabulary.
    for start in stride(from: 0, to: tokens.count, by: 64) {
      let rows = Array(start..<min(tokens.count, start + 64))
      let values = try model.logits(rows: rows).logProbabilities(of: rows.map { targets[$0] })
      for (row, value) in zip(rows, values) { results[owner[row]].append(value) }
    }
  }
}
