internal import Tensors
public import Transformers

/// Scores spans with a diffusion model: the tokens of a span are masked and predicted from all
/// others. A model of full attention looks at several spans far from one another in one pass; one
/// that fills blocks over a causal context has each span at the head of a block of its own.
public struct DiffusionSpanScorer: SpanScorer {
  public private(set) var cost = PassCost()
  private let model: DiffusionModel
  private let text: CachedPrompt
  private let spans: [Range<Int>]
  private let banned: [Int]
  private let alternatives: Int
  private let onLayer: (Int) throws -> Void
  private var done = 0

  /// Of the spans in order, those masked in one pass are this far apart.
  private static let stride = 8
  /// Blocks run in one pass.
  private static let blocks = 4

  /// - Parameters:
  ///   - text: from position 0, within the model's context.
  ///   - spans: of its tokens, ascending, none empty.
  ///   - banned: ids never chosen, besides the mask.
  ///   - onLayer: called before each layer of each pass; throws to cancel the work.
  ///
  /// Throws `DiffusionError` for a model that does not see what follows.
  public init(
    _ model: DiffusionModel, text: CachedPrompt, spans: [Range<Int>], banned: [Int] = [],
    alternatives: Int = 6, onLayer: @escaping (Int) throws -> Void = { _ in }
  ) throws {
    precondition(
      spans.allSatisfy { !$0.isEmpty && $0.upperBound <= text.tokens.count },
      "a span is empty or leaves the text")
    if case .blockCausal = model.traits.attention {
      throw DiffusionError(
        "this model does not see the text after a word, so it cannot score words")
    }
    self.model = model
    self.text = text
    self.spans = spans
    self.banned = banned + [model.traits.maskToken]
    self.alternatives = alternatives
    self.onLayer = onLayer
  }

  public mutating func next() throws -> [SpanScore]? {
    guard done < (isFull ? min(Self.stride, spans.count) : spans.count) else { return nil }
    let batch =
      isFull
      ? Array(Swift.stride(from: done, to: spans.count, by: Self.stride))
      : Array(done..<min(done + Self.blocks, spans.count))
    let rows = isFull ? try runWhole(batch) : try runBlocks(batch)
    let scores = try score(batch, rows: rows)
    done += isFull ? 1 : batch.count
    return scores
  }

  private var isFull: Bool { model.traits.attention == .bidirectional }

  /// The row, of a run of rows, that predicts the token in one of them.
  private func row(_ index: Int) -> Int { model.traits.shiftsLogits ? max(0, index - 1) : index }

  /// One pass over the text with the spans masked; returns the rows that predict them.
  private mutating func runWhole(_ batch: [Int]) throws -> [[Int]] {
    var tokens = text.tokens
    for index in batch {
      for place in spans[index] { tokens[place] = model.traits.maskToken }
    }
    let rows = batch.map { spans[$0].map(row) }
    try model.transformer.run(
      ForwardPass(
        tokens, positions: Array(tokens.indices), visibility: .all, outputRows: rows.flatMap(\.self)
      ),
      onLayer: onLayer)
    cost.add(tokens.count)
    return rows
  }

  /// One pass over blocks: a span masked and what follows it.
  private mutating func runBlocks(_ batch: [Int]) throws -> [[Int]] {
    guard case .causalContext(let size) = model.traits.attention else { return [] }
    let last = spans[batch[batch.count - 1]].lowerBound
    cost.tokens += max(0, last - text.encodedCount)
    cost.forwardPasses += try text.encode(
      on: model.transformer, upTo: last, onLayer: onLayer)
    var tokens: [Int] = []
    var positions: [Int] = []
    var groups: [ForwardPass.Group] = []
    var rows: [[Int]] = []
    for span in batch.map({ spans[$0] }) {
      // Where a row predicts the next token, the one before the span is run again.
      let before = model.traits.shiftsLogits ? min(1, span.lowerBound) : 0
      let first = span.lowerBound - before
      let end = min(text.tokens.count, max(span.lowerBound + size, span.upperBound))
      rows.append(span.map { tokens.count + row($0 - first) })
      tokens += text.tokens[first..<span.lowerBound]
      tokens += Array(repeating: model.traits.maskToken, count: span.count)
      tokens += text.tokens[span.upperBound..<end]
      positions += first..<end
      groups.append(
        ForwardPass.Group(
          end - first, context: [ForwardPass.Context(text.cache, rows: 0..<first)],
          visibility: .all))
    }
    try model.transformer.run(
      ForwardPass(tokens, positions: positions, groups: groups, outputRows: rows.flatMap(\.self)),
      onLayer: onLayer)
    cost.add(tokens.count)
    return rows
  }

  private func score(_ batch: [Int], rows: [[Int]]) throws -> [SpanScore] {
    let all = rows.flatMap(\.self)
    let targets = batch.flatMap { text.tokens[spans[$0]] }
    model.head.project(all)
    let values = try model.head.logProbabilities(
      of: targets, banned: banned, candidates: alternatives)
    let summaries = model.head.summaries
    var place = 0
    return batch.map { index in
      let found = place..<place + spans[index].count
      place = found.upperBound
      let isOne = found.count == 1
      return SpanScore(
        index: index,
        logProbabilities: found.map { min(0, values[$0]) },
        alternatives: isOne
          ? summaries[found.lowerBound].candidates.map {
            SpanScore.Alternative(tokens: [$0.token], probability: $0.probability)
          } : SpanScore.ranked([joined(summaries[found])]))
    }
  }

  /// The likeliest token of each place.
  private func joined(_ summaries: ArraySlice<TopKSummary>) -> (
    tokens: [Int], sum: Float, count: Int
  ) {
    (
      summaries.map(\.token), summaries.reduce(0) { $0 + $1.logProbability },
      summaries.count
    )
  }
}

extension TopKSummary {
  /// ln of the chosen token's probability.
  fileprivate var logProbability: Float { logarithm(probability) }
}
