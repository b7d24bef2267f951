public import Denoising
public import Tensors

/// Predicts the slots of one hole between a prefix and a suffix: context runs the base once and is
/// kept, the hole's slots run base and adapter at every step.
///
/// The forward pass is that of the default model's documentation: the slots see all context except
/// the copied token's own entry, themselves, the copy and the slots that show a token; the state
/// before slot j predicts slot j.
///
/// Predictors of several holes, or of several tries at one, answer together: one pass over all their
/// slots, none of which sees those of another. Tries that stand at the same slots, as all do at their
/// first step, share theirs.
public struct HolePredictor: BatchPredictor {
  public let canvasTokens: CanvasTokens
  public let options: HoleOptions
  private let model: HoleModel
  private let prefix: EncodedText
  private let suffix: Suffix
  private let settled: EncodedText
  private let beforeLayer: (Int) throws -> Void

  /// The text after the hole, where it stands for the present length of the hole.
  private final class Suffix {
    var text: EncodedText
    /// Whether others may use `text`, so that it is not to be moved.
    var isShared: Bool

    init(_ text: EncodedText, isShared: Bool) {
      self.text = text
      self.isShared = isShared
    }
  }

  /// - Parameters:
  ///   - prefix: Text before the hole, from position 0; several holes may share it.
  ///   - suffix: Tokens after the hole.
  ///   - beforeLayer: Called before each layer of each pass; throws to call the work off.
  public init(
    _ model: HoleModel, prefix: EncodedText, suffix: [Int], options: HoleOptions = HoleOptions(),
    beforeLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    let suffix = EncodedText(
      suffix, firstPosition: prefix.tokens.count, after: prefix,
      model: model.transformer.configuration)
    self.init(
      model, prefix: prefix, suffix: Suffix(suffix, isShared: false), options: options,
      beforeLayer: beforeLayer)
  }

  /// - Parameter suffix: Text after `prefix` and the hole, which other predictors may share; it
  ///   stays where it is.
  public init(
    _ model: HoleModel, prefix: EncodedText, sharing suffix: EncodedText,
    options: HoleOptions = HoleOptions(), beforeLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    precondition(suffix.before === prefix, "the text after the hole follows another text")
    self.init(
      model, prefix: prefix, suffix: Suffix(suffix, isShared: true), options: options,
      beforeLayer: beforeLayer)
  }

  private init(
    _ model: HoleModel, prefix: EncodedText, suffix: Suffix, options: HoleOptions,
    beforeLayer: @escaping (Int) throws -> Void
  ) {
    precondition(prefix.firstPosition == 0 && prefix.before == nil, "the prefix begins at 0")
    let tokens = model.adapter.tokens
    canvasTokens = CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand)
    self.model = model
    self.prefix = prefix
    self.suffix = suffix
    self.options = options
    self.beforeLayer = beforeLayer
    settled = EncodedText(
      [], firstPosition: prefix.tokens.count, after: prefix,
      model: model.transformer.configuration)
  }

  public mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
    try Self.predict([BatchQuestion(predictor: self, canvas: canvas, query: query)])[0]
  }

  /// Answers several questions about holes of one model. Cancellation is that of the first.
  public static func predict(_ questions: [BatchQuestion<HolePredictor>]) throws -> [Prediction] {
    guard let first = questions.first?.predictor else { return [] }
    let model = first.model
    precondition(questions.allSatisfy { $0.predictor.model === model }, "holes of several models")
    var passes = try encodeContext(questions)
    // Where the same logits are asked for several times they are computed for the first.
    let sources = questions.map { question in
      questions.firstIndex { question.hasLogits(of: $0) }!
    }
    let asked = questions.indices.filter { sources[$0] == $0 }
    let wanted = try runActive(asked.map { questions[$0] })
    let count = wanted.count + asked.count { questions[$0].isBlended }
    model.reserve(questions.reduce(0) { $0 + $1.query.slots.count + ($1.isBlended ? 1 : 0) })
    let transformer = model.transformer
    transformer.states(rows: wanted, adapter: model.adapter, into: model.states)
    transformer.kernels.linear(
      model.states, rows: wanted.count, model.adapter.specialHead, into: model.specials)
    // Each question's first row, and that of the base's own prediction, which follow all others.
    var rows = [(first: Int, base: Int)](repeating: (0, 0), count: questions.count)
    var end = (first: 0, base: wanted.count)
    for index in asked {
      let question = questions[index]
      rows[index] = end
      end.first += question.query.slots.count
      guard question.isBlended else { continue }
      let base = try question.predictor.baseState()
      passes[index] += base.passes
      model.states.copyRows(0..<1, of: base.state, to: end.base)
      end.base += 1
    }
    transformer.project(states: model.states, rows: count, into: model.logits)
    first.placeSpecials(rows: wanted.count, baseRows: wanted.count..<count)
    return transformer.stageTimes.measure(.confidences) {
      // A summary overwrites what it is made of.
      for index in questions.indices where sources[index] != index {
        let slots = questions[index].query.slots.count
        let source = rows[sources[index]]
        rows[index] = (end.base, end.base + slots)
        model.logits.copyRows(
          source.first..<source.first + slots, of: model.logits, to: end.base)
        end.base += slots
        guard questions[index].isBlended else { continue }
        model.logits.copyRows(source.base..<source.base + 1, of: model.logits, to: end.base)
        end.base += 1
      }
      return questions.enumerated().map { index, question in
        let slots = question.predictor.summarize(
          question.query, row: rows[index].first,
          baseRow: question.isBlended ? rows[index].base : nil)
        return Prediction(slots: slots, forwardPasses: passes[index] + 1)
      }
    }
  }

  /// Logits `[slots.count, vocabulary]` of `slots`, nothing banned and the base not mixed in.
  public func logits(_ canvas: Canvas, slots: [Int]) throws -> Matrix {
    let question = BatchQuestion(
      predictor: self, canvas: canvas, query: PredictionQuery(slots: slots))
    _ = try Self.encodeContext([question])
    return model.adaptedLogits(rows: try Self.runActive([question]))
  }

  /// Encodes the next part of the text around the hole, in one pass; false once all is there. It is
  /// cut as the first prediction would cut it, and kept by all that share the texts.
  public func encodeNextContext() throws -> Bool {
    guard let text = [prefix, suffix.text].first(where: { !$0.isEncoded }) else { return false }
    try text.encode(
      on: model.transformer, upTo: text.encodedCount + EncodedText.chunk, beforeLayer: beforeLayer)
    return true
  }

  /// Whether the base's own prediction is mixed into that of the first slot asked about.
  fileprivate func blends(_ query: PredictionQuery) -> Bool {
    options.baseWeight > 0 && options.settles && settled.tokens.count == query.slots[0]
  }

  /// Whether both are between the same texts, moved alike, and read them alike.
  fileprivate func stands(where other: HolePredictor) -> Bool {
    prefix === other.prefix && suffix.text === other.suffix.text
      && options.settles == other.options.settles && options.baseWeight == other.options.baseWeight
  }

  /// Brings prefixes, suffixes and settled tokens up to date; returns the passes each took.
  private static func encodeContext(_ questions: [BatchQuestion<HolePredictor>]) throws -> [Int] {
    let first = questions[0].predictor
    var passes = [Int](repeating: 0, count: questions.count)
    func encode(_ text: (HolePredictor) -> EncodedText) throws {
      if questions.allSatisfy({ text($0.predictor).isEncoded }) { return }
      let counts = try EncodedText.encode(
        questions.map { text($0.predictor) }, on: first.model.transformer,
        beforeLayer: first.beforeLayer)
      for index in passes.indices { passes[index] += counts[index] }
    }
    try encode { $0.prefix }
    for question in questions { question.predictor.place(question.canvas) }
    try encode { $0.suffix.text }
    try encode { $0.settled }
    return passes
  }

  /// Puts the suffix behind the canvas and the settled tokens where they settled.
  private func place(_ canvas: Canvas) {
    let text = suffix.text
    let delta = prefix.tokens.count + canvas.count - text.firstPosition
    if delta != 0 {
      let isKept =
        text.encodedCount == text.tokens.count && text.tokens.count > options.longestExactSuffix
      if suffix.isShared {
        suffix.text = text.moved(by: delta, anew: !isKept, on: model.transformer)
        suffix.isShared = false
      } else if isKept {
        text.shift(by: delta, on: model.transformer)
      } else {
        text.replace(text.tokens, firstPosition: text.firstPosition + delta)
      }
    }
    guard options.settles else { return }
    settled.reserve(canvas.count)
    settled.replace(
      canvas.slots[..<canvas.settledCount].lazy.map { slot in
        guard case .token(let token) = slot.content else {
          preconditionFailure("a slot settled without a token")
        }
        return token
      })
  }

  /// Runs the copies and the unsettled slots; returns the rows that predict the slots wanted, one
  /// question after the other.
  private static func runActive(_ questions: [BatchQuestion<HolePredictor>]) throws -> [Int] {
    let first = questions[0].predictor
    var ids: [Int] = []
    var positions: [Int] = []
    var groups: [ForwardPass.Group] = []
    var rows: [Int] = []
    let most = questions.reduce(0) { $0 + 1 + $1.canvas.count }
    ids.reserveCapacity(most)
    positions.reserveCapacity(most)
    groups.reserveCapacity(questions.count)
    rows.reserveCapacity(questions.reduce(0) { $0 + $1.query.slots.count })
    for question in questions {
      groups.append(
        question.predictor.addActive(
          question.canvas, wanted: question.query.slots, &ids, &positions, &rows))
    }
    try first.model.transformer.run(
      ForwardPass(
        ids, positions: positions, groups: groups, wanted: rows,
        adapter: first.model.adapter),
      beforeLayer: first.beforeLayer)
    return rows
  }

  /// Adds the copy and the unsettled slots to a pass, and for each wanted slot the row that predicts
  /// it. Slots that show nothing and predict nothing that is wanted are left out.
  private func addActive(
    _ canvas: Canvas, wanted: [Int], _ ids: inout [Int], _ positions: inout [Int],
    _ rows: inout [Int]
  ) -> ForwardPass.Group {
    let tokens = model.adapter.tokens
    let count = settled.tokens.count
    let begin = prefix.tokens.count + count
    let start = ids.count
    var isOpen: [Bool] = []
    isOpen.reserveCapacity(1 + canvas.count - count)
    var place = 0
    func isWanted(_ slot: Int) -> Bool { place < wanted.count && wanted[place] == slot }
    func add(_ id: Int, at position: Int, isOpen open: Bool, predicting slot: Int) {
      if isWanted(slot) {
        rows.append(ids.count)
        place += 1
      }
      ids.append(id)
      positions.append(position)
      isOpen.append(open)
    }
    add(
      settled.tokens.last ?? prefix.tokens.last ?? tokens.start, at: max(begin - 1, 0),
      isOpen: false, predicting: count)
    for slot in count..<canvas.count {
      let content = canvas.slots[slot].content
      guard content != .open || isWanted(slot + 1) else { continue }
      let id =
        switch content {
        case .open: tokens.mask
        case .deleted: tokens.delete
        case .token(let token): token
        }
      add(id, at: begin + slot - count, isOpen: content == .open, predicting: slot + 1)
    }
    precondition(
      place == wanted.count, "a slot of \(wanted) has settled or is not among \(canvas.count)")
    return ForwardPass.Group(
      ids.count - start, context: contextWithoutCopy(),
      visibility: .custom { [isOpen] row, column in row == column || !isOpen[column] })
  }

  private func contextWithoutCopy() -> [ForwardPass.Context] {
    let copied = settled.tokens.isEmpty ? prefix : settled
    func context(_ text: EncodedText) -> ForwardPass.Context {
      let count = text.cache.count - (text === copied && !text.tokens.isEmpty ? 1 : 0)
      return ForwardPass.Context(text.cache, rows: 0..<count)
    }
    return [context(prefix), context(suffix.text), context(settled)]
  }

  private func baseState() throws -> (state: Matrix, passes: Int) {
    let text = !settled.tokens.isEmpty ? settled : !prefix.tokens.isEmpty ? prefix : model.start
    return try text.lastState(on: model.transformer, beforeLayer: beforeLayer)
  }

  /// Puts the trained logits of DELETE and EXPAND in place; the base knows neither.
  private func placeSpecials(rows: Int, baseRows: Range<Int>) {
    let tokens = model.adapter.tokens
    for row in 0..<rows {
      model.logits[row, tokens.delete] = model.specials[row, 0]
      model.logits[row, tokens.expand] = model.specials[row, 1]
    }
    for row in baseRows {
      model.logits[row, tokens.delete] = -1e9
      model.logits[row, tokens.expand] = -1e9
    }
  }

  private func baseWeight(open count: Int) -> Float {
    guard options.baseFade > 0 else { return options.baseWeight }
    return options.baseWeight * min(1, Float(count - 1) / Float(options.baseFade))
  }

  /// What the logits say, of which the query's begin at `row`.
  private func summarize(_ query: PredictionQuery, row: Int, baseRow: Int?) -> [SlotPrediction] {
    let tokens = model.adapter.tokens
    var banned: [Int] = []
    banned.reserveCapacity(options.banned.count + 3)
    banned += options.banned
    banned.append(tokens.mask)
    if !query.allowsDelete { banned.append(tokens.delete) }
    if !query.allowsExpand { banned.append(tokens.expand) }
    var choices = query.slots.indices.map {
      Tensors.TokenChoice(row: row + $0, key: UInt64(query.slots[$0]))
    }
    if let baseRow {
      choices[0].secondRow = baseRow
      choices[0].secondWeight = baseWeight(open: query.slots.count)
    }
    var temperature: Float = 0
    var seed: UInt64 = 0
    if case .sampled(let value, let key) = query.choice {
      temperature = Float(value)
      seed = key
    }
    let summaries = model.transformer.kernels.summarize(
      model.logits, choices, second: baseRow == nil ? nil : model.logits, banned: banned,
      temperature: temperature, seed: seed,
      candidates: min(query.candidates, Kernels.maximumCandidates))
    return query.slots.indices.map { SlotPrediction(slot: query.slots[$0], summaries[$0]) }
  }
}

extension BatchQuestion<HolePredictor> {
  fileprivate var isBlended: Bool { predictor.blends(query) }

  /// Whether its logits are those of `other`: the same slots of a canvas that shows the same, between
  /// the same texts. What is chosen from them may differ.
  fileprivate func hasLogits(of other: Self) -> Bool {
    query.slots == other.query.slots && predictor.stands(where: other.predictor)
      && canvas.slots.elementsEqual(other.canvas.slots) { $0.content == $1.content }
  }
}
