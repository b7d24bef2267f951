public import Denoising
public import Tensors

/// A base, its adapter, and the buffers for logits: what all holes of a document share. Confined to
/// one engine.
public final class HoleModel {
  public let transformer: Transformer
  public let adapter: Adapter
  /// `[rows, width]` and `[rows, vocabulary]`, for as many rows as a step has asked for yet.
  private(set) var states: Matrix
  private(set) var logits: Matrix
  /// `[rows, 2]`: logits of DELETE and EXPAND.
  private(set) var specials: Matrix
  /// The start token alone, for documents that begin with a hole.
  let start: EncodedText

  public init(transformer: Transformer, adapter: Adapter) {
    self.transformer = transformer
    self.adapter = adapter
    let model = transformer.configuration
    states = Matrix(rows: 0, columns: model.width)
    logits = Matrix(rows: 0, columns: model.vocabularySize)
    specials = Matrix(rows: 0, columns: 2)
    start = EncodedText([adapter.tokens.start], model: model)
  }

  func reserve(_ rows: Int) {
    guard logits.rows < rows else { return }
    states = Matrix(rows: rows, columns: states.columns)
    logits = Matrix(rows: rows, columns: logits.columns)
    specials = Matrix(rows: rows, columns: 2)
  }
}

/// Settings of a hole's predictor that are not the denoiser's business.
public struct HoleOptions: Sendable, Equatable {
  /// Whether slots settled from the left become context of the base.
  public var settles: Bool
  /// Weight of the base's own prediction for the slot behind the settled ones, 0..<1; needs
  /// `settles`.
  public var baseWeight: Float
  /// With fewer open slots than this behind the frontier the base's weight falls in proportion, to
  /// none for the last: the base does not know where the hole ends. 0 keeps the weight.
  public var baseFade: Int
  /// Ids never chosen, besides MASK.
  public var banned: [Int]
  /// A suffix of more tokens than this has its keys turned when the hole grows; a shorter one is
  /// computed anew, which is exact.
  public var longestExactSuffix: Int

  public init(
    settles: Bool = true, baseWeight: Float = 0.5, baseFade: Int = 0,
    banned: [Int] = Array(0..<14),
    longestExactSuffix: Int = 64
  ) {
    self.settles = settles
    self.baseWeight = baseWeight
    self.baseFade = baseFade
    self.banned = banned
    self.longestExactSuffix = longestExactSuffix
  }
}

/// Predicts the slots of one hole between a prefix and a suffix: context runs the base once and is
/// kept, the hole's slots run base and adapter at every step.
///
/// The forward pass is that of the default model's documentation: the slots see all context except
/// the copied token's own entry, themselves, the copy and the slots that show a token; the state
/// before slot j predicts slot j.
public struct HolePredictor: MaskPredictor {
  public let canvasTokens: CanvasTokens
  public let options: HoleOptions
  private let model: HoleModel
  private let prefix: EncodedText
  private let suffix: EncodedText
  private let settled: EncodedText
  private let beforeLayer: (Int) throws -> Void

  /// - Parameters:
  ///   - prefix: Text before the hole, from position 0; several holes may share it.
  ///   - suffix: Tokens after the hole.
  ///   - beforeLayer: Called before each layer of each pass; throws to call the work off.
  public init(
    _ model: HoleModel, prefix: EncodedText, suffix: [Int], options: HoleOptions = HoleOptions(),
    beforeLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    precondition(prefix.firstPosition == 0 && prefix.before == nil, "the prefix begins at 0")
    let tokens = model.adapter.tokens
    canvasTokens = CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand)
    self.model = model
    self.prefix = prefix
    self.options = options
    self.beforeLayer = beforeLayer
    let configuration = model.transformer.configuration
    let end = prefix.tokens.count
    self.suffix = EncodedText(suffix, firstPosition: end, after: prefix, model: configuration)
    settled = EncodedText([], firstPosition: end, after: prefix, model: configuration)
  }

  public mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
    var passes = try encodeContext(canvas)
    let active = try runActive(canvas, wanted: query.slots)
    passes += 1
    let rows = active.count
    let blend = options.baseWeight > 0 && options.settles && settled.tokens.count == query.slots[0]
    model.reserve(rows + 1)
    let transformer = model.transformer
    transformer.states(rows: active, adapter: model.adapter, into: model.states)
    model.transformer.kernels.linear(
      model.states, rows: rows, model.adapter.specialHead, into: model.specials)
    if blend {
      let base = try baseState()
      passes += base.passes
      model.states.copyRows(0..<1, of: base.state, to: rows)
    }
    transformer.project(states: model.states, rows: blend ? rows + 1 : rows, into: model.logits)
    placeSpecials(rows: rows, baseRow: blend ? rows : nil)
    let slots = transformer.stageTimes.measure(.confidences) {
      summarize(query, baseRow: blend ? rows : nil)
    }
    return Prediction(slots: slots, forwardPasses: passes)
  }

  /// Logits `[slots.count, vocabulary]` of `slots`, nothing banned and the base not mixed in.
  public func logits(_ canvas: Canvas, slots: [Int]) throws -> Matrix {
    _ = try encodeContext(canvas)
    let active = try runActive(canvas, wanted: slots)
    model.reserve(active.count)
    let transformer = model.transformer
    transformer.states(rows: active, adapter: model.adapter, into: model.states)
    transformer.kernels.linear(
      model.states, rows: active.count, model.adapter.specialHead, into: model.specials)
    transformer.project(states: model.states, rows: active.count, into: model.logits)
    placeSpecials(rows: active.count, baseRow: nil)
    return Matrix(
      rows: active.count, columns: model.logits.columns,
      active.indices.flatMap { model.logits.row($0) })
  }

  /// Brings prefix, suffix and settled tokens up to date; returns the passes that took.
  private func encodeContext(_ canvas: Canvas) throws -> Int {
    let transformer = model.transformer
    var passes = try prefix.encode(on: transformer, beforeLayer: beforeLayer)
    let delta = prefix.tokens.count + canvas.count - suffix.firstPosition
    if delta != 0 {
      if suffix.encodedCount == suffix.tokens.count
        && suffix.tokens.count > options.longestExactSuffix
      {
        suffix.shift(by: delta, on: transformer)
      } else {
        suffix.replace(suffix.tokens, firstPosition: suffix.firstPosition + delta)
      }
    }
    passes += try suffix.encode(on: transformer, beforeLayer: beforeLayer)
    let count = options.settles ? canvas.settledCount : 0
    settled.replace(Array(canvas.shownTokens.prefix(count)))
    return try passes + settled.encode(on: transformer, beforeLayer: beforeLayer)
  }

  /// Runs the copy and the unsettled slots; returns for each wanted slot the row that predicts it.
  /// Slots that show nothing and predict nothing that is wanted are left out.
  private func runActive(_ canvas: Canvas, wanted: [Int]) throws -> [Int] {
    let tokens = model.adapter.tokens
    let count = settled.tokens.count
    let begin = prefix.tokens.count + count
    let predecessors = Set(wanted)
    var ids = [settled.tokens.last ?? prefix.tokens.last ?? tokens.start]
    var positions = [max(begin - 1, 0)]
    var isOpen = [false]
    var rowBefore = [count: 0]
    for slot in count..<canvas.count {
      let content = canvas.slots[slot].content
      guard content != .open || predecessors.contains(slot + 1) else { continue }
      rowBefore[slot + 1] = ids.count
      positions.append(begin + slot - count)
      isOpen.append(content == .open)
      switch content {
      case .open: ids.append(tokens.mask)
      case .deleted: ids.append(tokens.delete)
      case .token(let token): ids.append(token)
      }
    }
    try model.transformer.run(
      ForwardPass(
        ids, positions: positions, context: contextWithoutCopy(),
        visibility: .custom { row, column in row == column || !isOpen[column] },
        adapter: model.adapter), beforeLayer: beforeLayer)
    return wanted.map { slot in
      guard let row = rowBefore[slot] else {
        preconditionFailure("slot \(slot) of \(canvas.count) has settled or is out of range")
      }
      return row
    }
  }

  private func contextWithoutCopy() -> [ForwardPass.Context] {
    let copied = settled.tokens.isEmpty ? prefix : settled
    return [prefix, suffix, settled].map { text in
      let count = text.cache.count - (text === copied && !text.tokens.isEmpty ? 1 : 0)
      return ForwardPass.Context(text.cache, rows: 0..<count)
    }
  }

  private func baseState() throws -> (state: Matrix, passes: Int) {
    let text = [settled, prefix].first { !$0.tokens.isEmpty } ?? model.start
    return try text.lastState(on: model.transformer, beforeLayer: beforeLayer)
  }

  /// Puts the trained logits of DELETE and EXPAND in place; the base knows neither.
  private func placeSpecials(rows: Int, baseRow: Int?) {
    let tokens = model.adapter.tokens
    for row in 0..<rows {
      model.logits[row, tokens.delete] = model.specials[row, 0]
      model.logits[row, tokens.expand] = model.specials[row, 1]
    }
    guard let baseRow else { return }
    model.logits[baseRow, tokens.delete] = -1e9
    model.logits[baseRow, tokens.expand] = -1e9
  }

  private func baseWeight(open count: Int) -> Float {
    guard options.baseFade > 0 else { return options.baseWeight }
    return options.baseWeight * min(1, Float(count - 1) / Float(options.baseFade))
  }

  private func summarize(_ query: PredictionQuery, baseRow: Int?) -> [SlotPrediction] {
    let tokens = model.adapter.tokens
    var banned = options.banned + [tokens.mask]
    if !query.allowsDelete { banned.append(tokens.delete) }
    if !query.allowsExpand { banned.append(tokens.expand) }
    var choices = query.slots.enumerated().map {
      Tensors.TokenChoice(row: $0.offset, key: UInt64($0.element))
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
    return zip(query.slots, summaries).map { slot, summary in
      SlotPrediction(
        slot: slot, token: summary.token, probability: summary.probability,
        candidates: summary.candidates.map {
          Denoising.Candidate(token: $0.token, probability: $0.probability)
        }, entropy: summary.entropy)
    }
  }
}
