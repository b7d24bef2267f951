internal import DecodingPolicies
internal import Tensors
public import Transformers

/// Drafts of a passage over one model: each has keys and values of its own after one encoded
/// text that all share, and a pass advances as many as are given.
///
/// Proposals that see both sides are a `AdapterPredictor`'s, where the model has an adapter.
public final class CausalDrafts: BatchDraftModel {
  public private(set) var forwardPasses = 0
  private let model: ForwardModel
  private let before: CachedPrompt
  private let foreseeing: [CachedPrompt]
  private let firstForeseeing: Int
  private let onLayer: (Int) throws -> Void
  private let proposals: ([Canvas]) throws -> [[SlotPrediction]]?
  private let floor: Float
  private var caches: [KeyValueCache] = []
  private var isForeseeing: [Bool] = []

  /// Rows of a reading pass, more only for a reading that is longer.
  private static let rows = 256
  /// Rows whose logits are there at a time: a row is as long as the vocabulary.
  private static let logitRows = 64

  /// - Parameters:
  ///   - before: text from position 0, at least one token; what of it is encoded already is not run
  ///     again.
  ///   - foreseeing: texts that drafts from number `firstForeseeing` on are made after instead, in
  ///     turns, until they are recast.
  ///   - floor: a token less probable than this share of the most probable one is not drawn.
  ///   - proposals: answers `propose`.
  ///   - onLayer: called before each layer of each pass; throws to cancel the work.
  public init(
    _ model: ForwardModel, after before: CachedPrompt, foreseeing: [CachedPrompt] = [],
    from firstForeseeing: Int = .max, floor: Float,
    proposals: @escaping ([Canvas]) throws -> [[SlotPrediction]]? = { _ in nil },
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    precondition(
      before.firstPosition == 0 && before.before == nil && !before.tokens.isEmpty,
      "a passage follows text from position 0")
    self.model = model
    self.before = before
    self.foreseeing = foreseeing
    self.firstForeseeing = foreseeing.isEmpty ? .max : firstForeseeing
    self.floor = floor
    self.proposals = proposals
    self.onLayer = onLayer
  }

  private var head: LogitsHead { model.head }

  private func cache(_ draft: Int) -> KeyValueCache {
    while caches.count <= draft {
      caches.append(KeyValueCache(model.configuration, capacity: 0))
      isForeseeing.append(false)
    }
    return caches[draft]
  }

  // MARK: Drafting

  public func advance(_ rows: [DraftRow], _ query: DraftQuery) throws -> [DraftPrediction] {
    if rows.allSatisfy({ $0.token == nil }) {
      try begin(rows)
    } else {
      try run(rows)
    }
    return try Self.draw(rows, query, floor: floor, from: head)
  }

  /// Logits after the texts that empty drafts begin after.
  private func begin(_ rows: [DraftRow]) throws {
    isForeseeing = Array(repeating: false, count: isForeseeing.count)
    for (index, row) in rows.enumerated() {
      cache(row.draft).truncate(to: 0)
      isForeseeing[row.draft] = row.draft >= firstForeseeing
      let text = self.text(before: row.draft)
      if let first = rows[..<index].firstIndex(where: { self.text(before: $0.draft) === text }) {
        head.copy(first..<first + 1, to: index)
        continue
      }
      head.project(try state(after: text), to: index, room: rows.count)
    }
  }

  private func state(after text: CachedPrompt) throws -> Matrix {
    let (state, passes) = try text.lastState(on: model.transformer, onLayer: onLayer)
    forwardPasses += passes
    return state
  }

  /// The text that a draft continues.
  private func text(before draft: Int) -> CachedPrompt {
    isForeseeing[draft] ? foreseeing[draft % foreseeing.count] : before
  }

  public func recast(_ drafts: [DraftExtension]) throws -> [[Float]] {
    for draft in drafts {
      cache(draft.draft).truncate(to: 0)
      isForeseeing[draft.draft] = false
    }
    head.project(try state(after: before))
    let firsts = drafts.map { head.logits[0, $0.tokens[0]] }
    try head.summarize([LogitsRow(row: 0)], banned: [], candidates: 0)
    let normalizer = head.summaries[0].logNormalizer
    return zip(firsts, try extend(drafts)).map { [normalizer - $0] + $1 }
  }

  public func extend(_ extensions: [DraftExtension]) throws -> [[Float]] {
    guard !extensions.isEmpty else { return [] }
    var pass = ForwardPass([], positions: [], groups: [])
    for draft in extensions {
      let own = cache(draft.draft)
      precondition(!isForeseeing[draft.draft], "a foreseeing draft is recast first")
      let begin = before.tokens.count + own.count
      pass.tokens.append(contentsOf: draft.tokens)
      pass.positions.append(contentsOf: begin..<begin + draft.tokens.count)
      pass.groups.append(
        ForwardPass.Group(
          draft.tokens.count, context: [before.context, ForwardPass.Context(own)], target: own))
    }
    try run(pass)
    let targets = extensions.flatMap { Array($0.tokens.dropFirst()) + [$0.next] }
    return Self.cut(try surprises(of: targets), extensions.map(\.tokens.count))
  }

  /// One pass over the rows' tokens, each after its own draft.
  private func run(_ rows: [DraftRow]) throws {
    var pass = ForwardPass([], positions: [], groups: [])
    add(rows, to: &pass)
    try run(pass)
    head.project(Array(rows.indices))
  }

  private func add(_ rows: [DraftRow], to pass: inout ForwardPass) {
    for row in rows {
      guard let token = row.token else { preconditionFailure("an empty draft among others") }
      let own = cache(row.draft)
      pass.tokens.append(token)
      let text = text(before: row.draft)
      pass.positions.append(text.tokens.count + own.count)
      pass.groups.append(
        ForwardPass.Group(
          1, context: [text.context, ForwardPass.Context(own)], target: own))
    }
  }

  /// What the logits of `head` from row `first` on say about the rows. Overwrites them.
  private static func draw(
    _ rows: [DraftRow], _ query: DraftQuery, floor: Float, from head: LogitsHead, first: Int = 0
  ) throws -> [DraftPrediction] {
    let following = rows.indices.map { head.logits[first + $0, query.following] }
    // What is banned counts in what the probabilities sum to: a draft is not surer for it.
    let isFollowingBanned = query.banned.contains(query.following)
    try head.summarize(
      rows.enumerated().map { index, row in
        LogitsRow(row: first + index, banned: row.banned, key: UInt64(row.draft))
      }, banned: query.banned, temperature: Float(query.temperature), seed: query.seed,
      candidates: Kernels.maximumCandidates)
    return rows.indices.map { index in
      let summary = head.summaries[index]
      var (token, probability) = (summary.token, summary.probability)
      if let best = summary.candidates.first, probability < floor * best.probability {
        (token, probability) = redraw(summary, query, floor: floor, draft: rows[index].draft)
      }
      return DraftPrediction(
        token: token, probability: probability, logProbability: logarithm(probability),
        candidates: summary.candidates,
        following: isFollowingBanned ? -.infinity : following[index] - summary.logNormalizer)
    }
  }

  /// Draws again among the listed tokens above the floor.
  private static func redraw(
    _ summary: TopKSummary, _ query: DraftQuery, floor: Float, draft: Int
  ) -> (Int, Float) {
    let kept = summary.candidates.filter {
      $0.probability >= floor * summary.candidates[0].probability
    }
    var rest =
      Float(CounterRandom.unit(seed: query.seed, slot: draft, token: -1))
      * kept.reduce(0) { $0 + $1.probability }
    for candidate in kept {
      rest -= candidate.probability
      if rest <= 0 { return (candidate.token, candidate.probability) }
    }
    return (kept[0].token, kept[0].probability)
  }

  public func fork(_ source: Int, count: Int, to target: Int) {
    if source == target {
      cache(source).truncate(to: count)
    } else {
      let from = cache(source)
      cache(target).copy(from, count: count)
      isForeseeing[target] = isForeseeing[source]
    }
  }

  public func propose(_ canvases: [Canvas]) throws -> [[SlotPrediction]]? {
    let found = try proposals(canvases)
    if found != nil { forwardPasses += 1 }
    return found
  }

  private func run(_ pass: ForwardPass) throws {
    try model.run(pass, onLayer: onLayer)
    forwardPasses += 1
  }

  /// Encodes the next part of the text before the passage; false once all is there.
  public func encodeNextContext() throws -> Bool {
    guard !before.isEncoded else { return false }
    try before.encode(
      on: model.transformer, upTo: before.encodedCount + CachedPrompt.chunk, onLayer: onLayer)
    return true
  }

  /// Advances the drafts of several searches in one pass. Cancellation is that of the first.
  public static func advance(
    _ questions: [DraftQuestion<CausalDrafts>]
  ) throws -> [Result<[DraftPrediction], any Error>] {
    guard let first = questions.first?.model else { return [] }
    var pass = ForwardPass([], positions: [], groups: [])
    for question in questions {
      precondition(question.model.model === first.model, "drafts of several models")
      question.model.add(question.rows, to: &pass)
    }
    try first.model.run(pass, onLayer: first.onLayer)
    let head = first.head
    // Rows whose logits are there, and the first that is not drawn yet.
    var (projected, begin, end) = (0, 0, 0)
    return questions.indices.map { index in
      let (drafts, rows) = (questions[index].model, questions[index].rows)
      if begin == end {
        // The logits of as many searches as have room.
        var next = index
        repeat {
          end += questions[next].rows.count
          next += 1
        } while next < questions.count && end - begin + questions[next].rows.count <= logitRows
        head.project(Array(begin..<end))
        projected = begin
      }
      defer { begin += rows.count }
      drafts.forwardPasses += 1
      return Result {
        try draw(
          rows, questions[index].query, floor: drafts.floor, from: head, first: begin - projected)
      }
    }
  }

  // MARK: Reading

  public func read(_ readings: [DraftReading]) throws -> [[Float]] {
    var results: [[Float]] = []
    var group: [DraftReading] = []
    var rows = 0
    for reading in readings {
      if rows + reading.tokens.count > Self.rows, !group.isEmpty {
        results += try readTogether(group)
        (group, rows) = ([], 0)
      }
      group.append(reading)
      rows += reading.tokens.count
    }
    return group.isEmpty ? results : results + (try readTogether(group))
  }

  /// One pass: the token before each reading is run again, for the state that predicts its first.
  private func readTogether(_ readings: [DraftReading]) throws -> [[Float]] {
    forwardPasses += try before.encode(on: model.transformer, onLayer: onLayer)
    var pass = ForwardPass([], positions: [], groups: [])
    for reading in readings {
      let own = cache(reading.draft)
      precondition(reading.count <= own.count, "\(reading.count) of \(own.count) cached tokens")
      let begin = before.tokens.count + reading.count - 1
      var context = [
        ForwardPass.Context(
          before.cache, rows: 0..<before.tokens.count - (reading.count == 0 ? 1 : 0))
      ]
      if reading.count > 1 {
        context.append(ForwardPass.Context(own, rows: 0..<reading.count - 1))
      }
      pass.tokens.append(reading.last ?? before.tokens[before.tokens.count - 1])
      pass.tokens.append(contentsOf: reading.tokens.dropLast())
      pass.positions.append(contentsOf: begin..<begin + reading.tokens.count)
      pass.groups.append(ForwardPass.Group(reading.tokens.count, context: context))
    }
    try run(pass)
    let values = try surprises(of: readings.flatMap(\.tokens))
    return Self.cut(values, readings.map(\.tokens.count))
  }

  private static func cut(_ values: [Float], _ counts: [Int]) -> [[Float]] {
    var end = 0
    return counts.map { count in
      end += count
      return Array(values[end - count..<end])
    }
  }

  /// −ln p of a token after each row of the last pass.
  private func surprises(of targets: [Int]) throws -> [Float] {
    var values: [Float] = []
    for start in stride(from: 0, to: targets.count, by: Self.logitRows) {
      let rows = Array(start..<min(targets.count, start + Self.logitRows))
      head.project(rows)
      values += try head.logProbabilities(of: rows.map { targets[$0] }).map { -$0 }
    }
    return values
  }
}
