internal import Tensors
public import Transformers

/// Scores spans with a base and its adapter: each span is a separate passage, with the text
/// before it as cached context and the beginning of the text after it encoded again, since keys of
/// what follows depend on the span.
///
/// A token of a span is predicted from the tokens of the span before it, as a passage that is
/// filled from the left shows them; so p of a span is a probability of the whole.
public struct AdapterSpanScorer: SpanScorer {
  /// Settings of the scorer.
  public struct Options: Sendable, Equatable {
    /// Tokens after a span that are in view.
    public var suffix: Int
    /// Rows of a pass, more only for one span that takes more.
    public var rows: Int
    /// First tokens that are tried as alternatives.
    public var alternatives: Int
    /// Only spans whose tokens are less probable on average get alternatives of several tokens.
    public var doubtful: Float
    /// Ids never chosen, besides those of the adapter.
    public var banned: [Int]
    /// Ids that never continue what a first token begins: an alternative is closed where the
    /// model would write one of them.
    public var foreign: Set<Int>

    public init(
      suffix: Int = 8, rows: Int = 192, alternatives: Int = 6, doubtful: Float = 0.5,
      banned: [Int] = [], foreign: Set<Int> = []
    ) {
      self.suffix = suffix
      self.rows = rows
      self.alternatives = alternatives
      self.doubtful = doubtful
      self.banned = banned
      self.foreign = foreign
    }
  }

  public private(set) var cost = PassCost()
  private let model: AdapterModel
  private let text: CachedPrompt
  private let spans: [Range<Int>]
  private let options: Options
  private let onLayer: (Int) throws -> Void
  private var done = 0
  /// Keys and values of the text after the spans of a batch.
  private let scratch: KeyValueCache

  /// - Parameters:
  ///   - text: from position 0; what of it is encoded already is not run again.
  ///   - spans: of the text's tokens, ascending, none empty.
  ///   - onLayer: called before each layer of each pass; throws to cancel the work.
  public init(
    _ model: AdapterModel, text: CachedPrompt, spans: [Range<Int>], options: Options = Options(),
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    precondition(text.firstPosition == 0 && text.before == nil, "the text begins at 0")
    precondition(
      spans.allSatisfy { !$0.isEmpty && $0.upperBound <= text.tokens.count },
      "a span is empty or leaves the text")
    self.model = model
    self.text = text
    self.spans = spans
    self.options = options
    self.onLayer = onLayer
    scratch = KeyValueCache(model.transformer.configuration, capacity: 0)
  }

  public mutating func next() throws -> [SpanScore]? {
    guard done < spans.count else { return nil }
    let batch = batch
    let passages = try passages(batch)
    var scores = try score(batch, passages)
    try extend(&scores, passages)
    done = batch.upperBound
    return scores
  }

  /// Indices of the spans of the next batch.
  private var batch: Range<Int> {
    var end = done
    var rows = 0
    while end < spans.count {
      rows += options.suffix + spans[end].count
      if end > done && rows > options.rows { break }
      end += 1
    }
    return done..<end
  }

  /// A span's place: what it sees besides its own tokens.
  private struct Passage {
    var span: Range<Int>
    var context: [ForwardPass.Context]
  }

  /// Encodes the text up to the last span, and the text after each span.
  private mutating func passages(_ batch: Range<Int>) throws -> [Passage] {
    let transformer = model.transformer
    let last = spans[batch.upperBound - 1].lowerBound
    if text.encodedCount < last { cost.tokens += last - text.encodedCount }
    cost.forwardPasses += try text.encode(
      on: transformer, upTo: last, onLayer: onLayer)
    scratch.truncate(to: 0)
    var tokens: [Int] = []
    var positions: [Int] = []
    var groups: [ForwardPass.Group] = []
    var places: [Range<Int>] = []
    for span in spans[batch] {
      let behind = span.upperBound..<min(span.upperBound + options.suffix, text.tokens.count)
      places.append(tokens.count..<tokens.count + behind.count)
      tokens += text.tokens[behind]
      positions += behind
      groups.append(
        ForwardPass.Group(
          behind.count, context: [ForwardPass.Context(text.cache, rows: 0..<span.lowerBound)],
          target: scratch))
    }
    if !tokens.isEmpty {
      try transformer.run(
        ForwardPass(tokens, positions: positions, groups: groups, outputRows: []),
        onLayer: onLayer)
      cost.add(tokens.count)
    }
    return zip(spans[batch], places).map { span, place in
      Passage(
        span: span,
        context: [
          // The token before the passage is active, a copy of it.
          ForwardPass.Context(text.cache, rows: 0..<max(0, span.lowerBound - 1)),
          ForwardPass.Context(scratch, rows: place),
        ])
    }
  }

  /// Active tokens of one passage: the copy and what the first slots show.
  private func group(_ passage: Passage, shown: some Sequence<Int>) -> (
    ids: [Int], positions: [Int]
  ) {
    let begin = passage.span.lowerBound
    let ids = [begin > 0 ? text.tokens[begin - 1] : model.adapter.tokens.start] + shown
    return (ids, ids.indices.map { max(0, begin - 1) + ($0 > 0 && begin == 0 ? $0 - 1 : $0) })
  }

  /// Runs active tokens of several passages, each row seeing those before it in its passage.
  private mutating func run(_ passages: [(passage: Passage, shown: [Int])]) throws {
    var tokens: [Int] = []
    var positions: [Int] = []
    var groups: [ForwardPass.Group] = []
    for (passage, shown) in passages {
      let (ids, places) = group(passage, shown: shown)
      tokens += ids
      positions += places
      groups.append(ForwardPass.Group(ids.count, context: passage.context))
    }
    try model.transformer.run(
      ForwardPass(tokens, positions: positions, groups: groups, adapter: model.adapter),
      onLayer: onLayer)
    cost.add(tokens.count)
  }

  /// Each span's own tokens, and what the model would begin it with.
  private mutating func score(_ batch: Range<Int>, _ passages: [Passage]) throws -> [SpanScore] {
    try run(passages.map { ($0, text.tokens[$0.span].dropLast()) })
    let targets = passages.flatMap { text.tokens[$0.span] }
    model.head.project(Array(targets.indices), adapter: model.adapter)
    let values = try model.head.logProbabilities(
      of: targets, banned: options.banned + model.adapter.tokens.slotTokens,
      candidates: options.alternatives)
    let summaries = model.head.summaries
    var row = 0
    return zip(batch, passages).map { index, passage in
      let rows = row..<row + passage.span.count
      row = rows.upperBound
      return SpanScore(
        index: index,
        logProbabilities: rows.map { min(0, values[$0]) },
        alternatives: summaries[rows.lowerBound].candidates.map {
          SpanScore.Alternative(tokens: [$0.token], probability: $0.probability)
        })
    }
  }

  /// An alternative under way.
  private struct Draft {
    var score: Int
    var tokens: [Int]
    var sum: Float
    var count = 1
    var isClosed = false
  }

  /// Goes on with the alternatives of spans of several tokens, to the span's length or until the
  /// model closes the rest of the slots.
  private mutating func extend(_ scores: inout [SpanScore], _ passages: [Passage]) throws {
    var drafts: [Draft] = []
    for (index, score) in scores.enumerated() where score.logProbabilities.count > 1 {
      let mean = geometricMean(
        sum: score.logProbabilities.reduce(0, +), count: score.logProbabilities.count)
      guard mean < options.doubtful else {
        scores[index].alternatives = []
        continue
      }
      drafts += score.alternatives.map {
        Draft(score: index, tokens: $0.tokens, sum: logarithm($0.probability))
      }
    }
    let tokens = model.adapter.tokens
    let banned = options.banned + [tokens.mask, tokens.expand]
    while true {
      let open = drafts.indices.filter {
        !drafts[$0].isClosed && drafts[$0].tokens.count < passages[drafts[$0].score].span.count
      }
      if open.isEmpty { break }
      // As many rows at a time as the batch has.
      let width = (open.map { drafts[$0].tokens.count }.max() ?? 0) + 1
      let part = open.prefix(max(1, options.rows / width))
      try run(part.map { (passages[drafts[$0].score], drafts[$0].tokens) })
      var rows: [Int] = []
      var end = -1
      for draft in part {
        end += drafts[draft].tokens.count + 1
        rows.append(end)
      }
      model.head.project(rows, adapter: model.adapter)
      try model.head.summarize(
        rows.indices.map { LogitsRow(row: $0) }, banned: banned, candidates: 1)
      for (draft, summary) in zip(part, model.head.summaries) {
        if summary.token == tokens.delete || options.foreign.contains(summary.token) {
          drafts[draft].isClosed = true
        } else {
          drafts[draft].tokens.append(summary.token)
          drafts[draft].sum += logarithm(summary.probability)
          drafts[draft].count += 1
        }
      }
    }
    for (index, found) in Dictionary(grouping: drafts, by: \.score) {
      scores[index].alternatives = SpanScore.ranked(
        found.map { ($0.tokens, $0.sum, $0.count) })
    }
  }
}
