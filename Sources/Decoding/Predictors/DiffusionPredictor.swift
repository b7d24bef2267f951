internal import DecodingPolicies
internal import Tensors
public import Transformers

/// Predicts the slots of a canvas in a sequence of prefix, canvas and suffix, as
/// whole-sequence diffusion models see it: all tokens at once (LLaDA, Dream), block after block
/// (SDAR, LLaDA2), or a block over a causal context, with the beginning of the suffix in it where
/// there is room (Nemotron-Labs-Diffusion).
public struct DiffusionPredictor: MaskPredictor {
  public let canvasTokens: CanvasTokens
  public let options: DiffusionOptions
  let model: DiffusionModel
  let prefix: [Int]
  let suffix: [Int]
  let onLayer: (Int) throws -> Void
  /// Keys and values of tokens from position 0: all of them, or those before `block`.
  let cache: KeyValueCache
  /// The block the cache was made for, and the sequence's length then.
  private var block: Range<Int>?
  private var length = 0
  private var stepsSinceRefresh = 0

  /// - Parameters:
  ///   - prefix, suffix: tokens around the canvas, the prefix from position 0.
  ///   - delete: the token by which a model says "this slot is surplus", if it does.
  ///   - expand: the one for "two slots are needed here".
  ///   - onLayer: called before each layer of each pass; throws to cancel the work.
  ///
  /// Throws `DiffusionError` for options that do not apply to the model.
  public init(
    _ model: DiffusionModel, prefix: [Int], suffix: [Int], delete: Int? = nil,
    expand: Int? = nil, options: DiffusionOptions = DiffusionOptions(),
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) throws {
    try options.check(model.traits)
    self.model = model
    precondition(
      (options.instruction?.upperBound ?? 0) <= prefix.count, "an instruction outside of the prefix"
    )
    self.prefix = prefix
    self.suffix = suffix
    self.options = options
    self.onLayer = onLayer
    canvasTokens = CanvasTokens(
      mask: model.traits.maskToken, delete: delete, expand: expand, removesDeleted: true)
    cache = KeyValueCache(model.transformer.configuration, capacity: 0)
  }

  /// Begins with the keys and values of `text`, which begins the prefix, as far as it is encoded. For
  /// models of a causal context, before the first prediction.
  public func adopt(_ text: CachedPrompt) {
    precondition(cache.count == 0 && text.firstPosition == 0 && text.before == nil)
    precondition(prefix.starts(with: text.tokens), "the prefix begins differently")
    cache.copy(text.cache, count: text.cache.count)
  }

  public mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
    let tokens = prefix + canvas.slots.map(token) + suffix
    let begin = prefix.count + query.block.lowerBound
    let end = prefix.count + query.block.upperBound
    let wanted = query.slots.map { prefix.count + $0 }
    var passes = 0
    let rows: [Int]
    switch model.traits.attention {
    case .bidirectional:
      (rows, passes) = try runBidirectional(tokens, begin..<end, wanted, query.block)
    case .blockCausal(let configured):
      (rows, passes) = try runBlockCausal(
        tokens, begin..<end, wanted, size: options.blockLength ?? configured)
    case .causalContext(let configured):
      (rows, passes) = try runOverContext(
        tokens, begin..<end, wanted, size: options.blockLength ?? configured)
    }
    if !rows.isEmpty { model.head.project(rows) }
    if options.guidance != 0 {
      let others = try runUnguided(tokens, canvas, begin..<end, wanted)
      passes += 1
      if !rows.isEmpty {
        model.unguided.project(others)
        guide(rows.count)
      }
    }
    guard !rows.isEmpty else { return Prediction(slots: [], forwardPasses: passes) }
    return Prediction(slots: try summarize(query), forwardPasses: passes)
  }

  func token(_ slot: Canvas.Slot) -> Int {
    switch slot.content {
    case .masked: canvasTokens.mask
    case .token(let token): token
    case .deleted: canvasTokens.delete ?? canvasTokens.mask
    }
  }

  func run(_ pass: ForwardPass) throws {
    try model.transformer.run(pass, onLayer: onLayer)
  }

  /// The row of a pass over tokens from position `first` that predicts the token at `position`.
  func row(_ position: Int, first: Int) -> Int {
    let row = position - first
    return model.traits.shiftsLogits ? max(0, row - 1) : row
  }

  private mutating func runBidirectional(
    _ tokens: [Int], _ range: Range<Int>, _ wanted: [Int], _ block: Range<Int>
  ) throws -> (rows: [Int], passes: Int) {
    if options.cache == .none {
      let rows = wanted.map { row($0, first: 0) }
      try run(ForwardPass(tokens, visibility: .all, outputRows: rows))
      return (rows, 1)
    }
    guard isCurrent(block, length: tokens.count) else {
      cache.truncate(to: 0)
      let rows = wanted.map { row($0, first: 0) }
      try run(ForwardPass(tokens, visibility: .all, target: cache, outputRows: rows))
      if options.cache == .prefix { cache.truncate(to: range.lowerBound) }
      (self.block, length, stepsSinceRefresh) = (block, tokens.count, 1)
      return (rows, 1)
    }
    // With shifted logits the token before the block predicts its first slot.
    let needsOneMore =
      model.traits.shiftsLogits && wanted.first == range.lowerBound && range.lowerBound > 0
    let first = range.lowerBound - (needsOneMore ? 1 : 0)
    let isDual = options.cache != .prefix
    let last = isDual ? range.upperBound : tokens.count
    var context = [ForwardPass.Context(cache, rows: 0..<first)]
    if isDual { context.append(ForwardPass.Context(cache, rows: last..<cache.count)) }
    let rows = wanted.map { row($0, first: first) }
    try run(
      ForwardPass(
        Array(tokens[first..<last]), positions: Array(first..<last), context: context,
        visibility: .all, outputRows: rows))
    stepsSinceRefresh += 1
    return (rows, 1)
  }

  /// Whether the cache serves the next step of `block`.
  private func isCurrent(_ block: Range<Int>, length: Int) -> Bool {
    guard self.block == block, self.length == length else { return false }
    if case .dual(let refresh?) = options.cache { return stepsSinceRefresh < refresh }
    return true
  }

  /// The sequence without what was given: prefix, suffix and pinned slots masked.
  private func masked(_ tokens: [Int], _ canvas: Canvas) -> [Int] {
    tokens.enumerated().map { index, token in
      let slot = index - prefix.count
      let isGiven = !canvas.slots.indices.contains(slot) || canvas.slots[slot].isPinned
      return isGiven ? canvasTokens.mask : token
    }
  }

  /// One pass, nothing cached, over what guidance leads away from: the sequence without its
  /// instruction, or with all masked that was given. Returns the rows of `wanted`.
  private func runUnguided(
    _ tokens: [Int], _ canvas: Canvas, _ range: Range<Int>, _ wanted: [Int]
  ) throws -> [Int] {
    var end = tokens.count
    var size = end
    let first = range.lowerBound
    switch model.traits.attention {
    case .bidirectional: break
    case .blockCausal(let configured):
      size = options.blockLength ?? configured
      end = min(end, first / size * size + size)
    case .causalContext(let configured):
      end = activeEnd(end, range, size: options.blockLength ?? configured)
    }
    let left = options.instruction ?? 0..<0
    let kept = (0..<end).filter { !left.contains($0) }
    let all = left.isEmpty ? masked(tokens, canvas) : tokens
    let visibility: ForwardPass.Visibility =
      switch model.traits.attention {
      case .bidirectional: .all
      case .blockCausal: .custom { kept[$0] / size >= kept[$1] / size }
      case .causalContext: .custom { $1 <= $0 || kept[$0] >= first }
      }
    let rows = wanted.map { row($0 - left.count, first: 0) }
    try run(ForwardPass(kept.map { all[$0] }, visibility: visibility, outputRows: rows))
    return rows
  }

  private func guide(_ rows: Int) {
    let scale = options.guidance + 1
    for row in 0..<rows {
      let without = model.unguided.logits.row(row)
      model.head.setRow(
        row, zip(model.head.logits.row(row), without).map { $1 + scale * ($0 - $1) })
    }
  }

  private func summarize(_ query: PredictionQuery) throws -> [SlotPrediction] {
    let head = model.head
    var banned = options.banned
    if let delete = canvasTokens.delete, !query.allowsDelete { banned.append(delete) }
    if let expand = canvasTokens.expand, !query.allowsExpand {
      banned.append(expand)
    }
    for (token, penalty) in options.penalties {
      for row in query.slots.indices { head.logits[row, token] -= penalty }
    }
    head.filter(query.slots.indices, by: options.sampling, banned: banned, history: [])
    let noise = query.choice.noise
    try head.summarize(
      query.slots.enumerated().map {
        LogitsRow(row: $0.offset, key: UInt64($0.element))
      }, banned: banned, temperature: noise.temperature, seed: noise.seed,
      candidates: query.candidates)
    return zip(query.slots, head.summaries).map { SlotPrediction(slot: $0, $1) }
  }
}

extension ForwardPass {
  /// A pass over a sequence from position 0.
  init(
    _ tokens: [Int], visibility: Visibility, target: KeyValueCache? = nil, outputRows: [Int]
  ) {
    self.init(
      tokens, positions: Array(tokens.indices), visibility: visibility, target: target,
      outputRows: outputRows)
  }
}
