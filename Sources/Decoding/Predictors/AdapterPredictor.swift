public import Tensors
public import Transformers

/// Predicts the slots of one passage between a prefix and a suffix: context runs the base once and
/// is kept, the passage's slots run base and adapter at every step.
///
/// The forward pass is that of the default model's documentation: the slots see all context except
/// the copied token's own entry, themselves, the copy and the slots that show a token; the state
/// before slot j predicts slot j.
///
/// Predictors of several passages, or of several candidates of one, answer together: one pass over
/// all their slots, none of which sees those of another. Candidates at the same slots,
/// as all do at their first step, share theirs.
public struct AdapterPredictor: BatchPredictor {
  public let canvasTokens: CanvasTokens
  public let options: AdapterOptions
  let model: AdapterModel
  let prefix: CachedPrompt
  let suffix: Suffix
  let committed: CachedPrompt
  let onLayer: (Int) throws -> Void

  /// The text after the passage, at its place for the present length of the passage.
  final class Suffix {
    var text: CachedPrompt
    /// Whether others may use `text`, so that it is not to be moved.
    var isShared: Bool

    init(_ text: CachedPrompt, isShared: Bool) {
      self.text = text
      self.isShared = isShared
    }
  }

  /// - Parameters:
  ///   - prefix: Text before the passage, from position 0; several passages may share it.
  ///   - suffix: Tokens after the passage.
  ///   - onLayer: Called before each layer of each pass; throws to cancel the work.
  public init(
    _ model: AdapterModel, prefix: CachedPrompt, suffix: [Int],
    options: AdapterOptions = AdapterOptions(),
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    let suffix = CachedPrompt(
      suffix, firstPosition: prefix.tokens.count, after: prefix,
      model: model.transformer.configuration)
    self.init(
      model, prefix: prefix, suffix: Suffix(suffix, isShared: false), options: options,
      onLayer: onLayer)
  }

  /// - Parameter suffix: Text after `prefix` and the passage, which other predictors may share; it
  ///   stays where it is.
  public init(
    _ model: AdapterModel, prefix: CachedPrompt, sharing suffix: CachedPrompt,
    options: AdapterOptions = AdapterOptions(),
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    precondition(suffix.before === prefix, "the text after the passage follows another text")
    self.init(
      model, prefix: prefix, suffix: Suffix(suffix, isShared: true), options: options,
      onLayer: onLayer)
  }

  private init(
    _ model: AdapterModel, prefix: CachedPrompt, suffix: Suffix, options: AdapterOptions,
    onLayer: @escaping (Int) throws -> Void
  ) {
    precondition(prefix.firstPosition == 0 && prefix.before == nil, "the prefix begins at 0")
    let tokens = model.adapter.tokens
    canvasTokens = CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand)
    self.model = model
    self.prefix = prefix
    self.suffix = suffix
    self.options = options
    self.onLayer = onLayer
    committed = CachedPrompt(
      [], firstPosition: prefix.tokens.count, after: prefix,
      model: model.transformer.configuration)
  }

  public mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
    let batch = model.batch
    defer { batch.clear() }
    batch.add(BatchQuestion(predictor: self, canvas: canvas, query: query))
    try batch.run(on: model)
    return try batch.answer(0, on: model)
  }

  /// Answers several questions about passages of one model. Cancellation is that of the first.
  public static func predict(_ questions: [BatchQuestion<AdapterPredictor>]) throws -> [Prediction]
  {
    guard let model = questions.first?.predictor.model else { return [] }
    let batch = model.batch
    defer { batch.clear() }
    for question in questions {
      precondition(question.predictor.model === model, "passages of several models")
      batch.add(question)
    }
    try batch.run(on: model)
    return try questions.indices.map { try batch.answer($0, on: model) }
  }

  /// Logits `[slots.count, vocabulary]` of `slots`, nothing banned and the base not mixed in.
  public func logits(_ canvas: Canvas, slots: [Int]) throws -> Matrix {
    let batch = model.batch
    defer { batch.clear() }
    batch.add(
      BatchQuestion(predictor: self, canvas: canvas, query: PredictionQuery(slots: slots)))
    return model.adaptedLogits(rows: try batch.runActive(on: model))
  }

  /// Encodes the next part of the text around the passage, in one pass; false once all is there. It
  /// is cut as the first prediction would cut it, and kept by all that share the texts.
  public func encodeNextContext() throws -> Bool {
    guard let text = [prefix, suffix.text].first(where: { !$0.isEncoded }) else { return false }
    try text.encode(
      on: model.transformer, upTo: text.encodedCount + CachedPrompt.chunk, onLayer: onLayer)
    return true
  }

  /// Whether the base's own prediction is mixed into that of the first slot asked about.
  func blends(_ query: PredictionQuery) -> Bool {
    options.baseWeight > 0 && options.commits && committed.tokens.count == query.slots[0]
  }

  /// Whether both are between the same texts, moved alike, and read them alike.
  func stands(where other: AdapterPredictor) -> Bool {
    prefix === other.prefix && suffix.text === other.suffix.text
      && options.commits == other.options.commits && options.baseWeight == other.options.baseWeight
  }

  /// Moves the suffix to its place after the canvas, and the committed tokens to theirs.
  func place(_ canvas: Canvas) {
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
    guard options.commits else { return }
    committed.reserve(canvas.count)
    committed.replace(
      canvas.slots[..<canvas.committedCount].lazy.map { slot in
        guard case .token(let token) = slot.content else {
          preconditionFailure("a slot committed without a token")
        }
        return token
      })
  }

  /// Adds the copy and the uncommitted slots to a pass, as group `group`, and for each wanted slot
  /// the row that predicts it. Slots that show nothing and predict nothing that is wanted are left
  /// out.
  ///
  /// - Parameters:
  ///   - mask: is made what the rows see of one another.
  ///   - isOpen: memory for a list that says nothing afterwards.
  func addActive(
    _ canvas: Canvas, wanted: [Int], to pass: inout ForwardPass, group: Int, _ mask: AttentionMask,
    isOpen: inout [Bool]
  ) {
    let tokens = model.adapter.tokens
    let count = committed.tokens.count
    let begin = prefix.tokens.count + count
    isOpen.removeAll(keepingCapacity: true)
    var place = 0
    // The copy has the place of the last committed slot.
    for slot in count - 1..<canvas.count {
      let isWanted = place < wanted.count && wanted[place] == slot + 1
      let content = slot < count ? nil : canvas.slots[slot].content
      if content == .masked && !isWanted { continue }
      if isWanted {
        pass.outputRows?.append(pass.tokens.count)
        place += 1
      }
      let id =
        switch content {
        case nil: committed.tokens.last ?? prefix.tokens.last ?? tokens.start
        case .masked: tokens.mask
        case .deleted: tokens.delete
        case .token(let token): token
        }
      pass.tokens.append(id)
      pass.positions.append(max(0, begin + slot - count))
      isOpen.append(content == .masked)
    }
    precondition(
      place == wanted.count, "a slot of \(wanted) is committed or is not among \(canvas.count)")
    let rows = isOpen.count
    mask.resize(rows: rows, columns: rows)
    for row in 0..<rows {
      for column in 0..<rows where row == column || !isOpen[column] { mask[row, column] = true }
    }
    pass.setGroup(group, count: rows, visibility: .masked(mask))
    addContext(of: prefix, to: &pass.groups[group])
    addContext(of: suffix.text, to: &pass.groups[group])
    addContext(of: committed, to: &pass.groups[group])
  }

  /// Adds a text to what a group sees, without the entry of the token of which the group has a
  /// copy.
  private func addContext(of text: CachedPrompt, to group: inout ForwardPass.Group) {
    let copied = committed.tokens.isEmpty ? prefix : committed
    let count = text.cache.count - (text === copied && !text.tokens.isEmpty ? 1 : 0)
    group.context.append(ForwardPass.Context(text.cache, rows: 0..<count))
  }

  /// The state from which the base predicts the first slot that is not committed.
  func baseState() throws -> (state: Matrix, passes: Int) {
    let text = !committed.tokens.isEmpty ? committed : !prefix.tokens.isEmpty ? prefix : model.start
    return try text.lastState(on: model.transformer, onLayer: onLayer)
  }

  /// Weight of the base's prediction while `count` slots are open.
  func baseWeight(open count: Int) -> Float {
    guard options.baseFade > 0 else { return options.baseWeight }
    return options.baseWeight * min(1, Float(count - 1) / Float(options.baseFade))
  }
}
