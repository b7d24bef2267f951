internal import Transformers

/// How `SubBlockGenerator` fills its blocks.
public struct SubBlockOptions: Sendable, Equatable {
  /// Tokens of a block, at absolute multiples; the one the model was trained with.
  public var blockLength: Int
  /// Masks of a block are filled in parts of this many.
  public var subBlockLength: Int
  /// Slots surer than this are filled, and the surest one always.
  public var threshold: Double
  /// Whether passes over a part take keys and values of the rest of the block from the last pass
  /// over all of it.
  public var cachesBlock: Bool
  /// Ends after this many blocks, the token predicted after the last one included; nil: only the
  /// limits end the text.
  public var maximumBlocks: Int?

  public init(
    blockLength: Int = 32, subBlockLength: Int = 8, threshold: Double = 0.9,
    cachesBlock: Bool = false, maximumBlocks: Int? = nil
  ) {
    precondition(
      subBlockLength >= 1 && blockLength % subBlockLength == 0,
      "blocks of \(blockLength) in parts of \(subBlockLength)")
    self.blockLength = blockLength
    self.subBlockLength = subBlockLength
    self.threshold = threshold
    self.cachesBlock = cachesBlock
    self.maximumBlocks = maximumBlocks
  }
}

/// Block diffusion of Fast-dLLM v2: blocks at absolute multiples of a length, filled in parts with
/// logits shifted by one, each block's first token from the causal prediction after the one
/// before. Each step is one forward pass.
public struct SubBlockGenerator: TokenGenerator {
  private enum Phase {
    case read
    case denoise(part: Int)
  }

  private let options: SubBlockOptions
  private let mask: Int
  private var generation: Generation<Phase>
  private var blocks = 0
  /// Keys and values of the present block, and those of a part about to replace some.
  private let blockCache: KeyValueCache
  private let partCache: KeyValueCache

  /// - Parameter context: an empty one.
  public init(
    _ context: DecodingContext, prompt: [Int], mask: Int, limits: GenerationLimits,
    options: SubBlockOptions = SubBlockOptions(), sampling: SamplingOptions = .greedy,
    now: @escaping () -> Double = { 0 }
  ) {
    self.options = options
    self.mask = mask
    generation = Generation(
      context, prompt: prompt, limits: limits, sampling: sampling, inOrder: false, first: .read,
      now: now)
    blockCache = KeyValueCache(context.configuration, capacity: options.blockLength)
    partCache = KeyValueCache(context.configuration, capacity: options.subBlockLength)
    if generation.phase != nil, prompt.count < options.blockLength { openBlock() }
  }

  public var canvas: Canvas { generation.canvas }

  public mutating func next() throws -> Step? {
    switch generation.begin() {
    case .read?: try read()
    case .denoise(let part)?: try denoise(part)
    case nil: nil
    }
  }

  /// Reads whole blocks; the row after the last predicts the first token of a new one.
  private mutating func read() throws -> Step {
    let whole = generation.text
    let size = options.blockLength
    let end = whole.count / size * size
    var rows = 0
    while generation.context.count < end {
      let first = generation.context.count
      let part = Array(
        whole[first..<min(end, first + max(size, 128 / size * size))])
      try generation.context.run(part, visibility: .custom { $0 / size >= $1 / size }, keeps: true)
      rows = part.count
    }
    var predictions: [SlotPrediction] = []
    var committed: [Int] = []
    if whole.count == end {
      predictions = try generation.picker.pick(
        generation.context.logits(rows: [rows - 1]), slots: [generation.slots.count])
      if generation.append(predictions[0], unless: mask) { committed = [predictions[0].slot] }
    }
    if generation.isComplete || options.maximumBlocks.map({ blocks >= $0 }) ?? false {
      generation.end()
    } else {
      openBlock()
    }
    return generation.step(
      .encode, predictions: predictions, committed: committed)
  }

  private mutating func openBlock() {
    let end = generation.context.count + options.blockLength
    generation.open(end - generation.prompt.count - generation.slots.count)
    blockCache.truncate(to: 0)
    blocks += 1
    generation.phase = .denoise(part: 0)
    skipFull()
  }

  private mutating func denoise(_ part: Int) throws -> Step {
    let size = options.subBlockLength
    let range = part * size..<(part + 1) * size
    let block = block
    if options.cachesBlock && blockCache.count > 0 && block[range.lowerBound] != nil {
      try runPart(block, range)
    } else {
      try runBlock(block)
    }
    let inPart = options.cachesBlock && partCache.count > 0
    let first = inPart ? range.lowerBound : 0
    let open = range.filter { block[$0] == nil }
    // Row 0 of a pass keeps its own prediction.
    let rows = open.map { max(0, $0 - first - 1) }
    let base = generation.context.count - generation.prompt.count
    let predictions = try generation.picker.pick(
      generation.context.logits(rows: rows), slots: open.map { base + $0 })
    let best = predictions.max {
      $0.probability != $1.probability ? $0.probability < $1.probability : $0.slot > $1.slot
    }
    let others = predictions.filter {
      $0.slot != best?.slot && Double($0.probability) > options.threshold
    }
    for prediction in predictions { generation.note(prediction) }
    let filled = generation.place([best].compactMap(\.self) + others, unless: mask)
    skipFull()
    return generation.step(
      .denoise, predictions: predictions, committed: filled)
  }

  /// The present block: tokens of the prompt's end and of slots; nil for a mask.
  private var block: [Int?] {
    let first = generation.context.count - generation.prompt.count
    return (first..<first + options.blockLength).map { slot in
      if slot < 0 { return generation.prompt[generation.prompt.count + slot] }
      if case .token(let token) = generation.slots[slot].content { return token }
      return nil
    }
  }

  private mutating func runBlock(_ block: [Int?]) throws {
    partCache.truncate(to: 0)
    blockCache.truncate(to: 0)
    try run(
      block[...], context: [ForwardPass.Context(generation.context.cache)], target: blockCache)
  }

  private mutating func runPart(_ block: [Int?], _ range: Range<Int>) throws {
    partCache.truncate(to: 0)
    try run(
      block[range],
      context: [
        ForwardPass.Context(generation.context.cache),
        ForwardPass.Context(blockCache, rows: 0..<range.lowerBound),
        ForwardPass.Context(blockCache, rows: range.upperBound..<options.blockLength),
      ], target: partCache)
    blockCache.overwrite(from: range.lowerBound, with: partCache)
  }

  private func run(
    _ tokens: ArraySlice<Int?>, context parts: [ForwardPass.Context], target: KeyValueCache
  ) throws {
    try generation.context.run(
      ForwardPass(
        tokens.map { $0 ?? mask }, positions: tokens.indices.map { generation.context.count + $0 },
        context: parts, visibility: .all, target: options.cachesBlock ? target : nil))
  }

  /// Goes on to the first part with a mask, or to reading, or ends at a stop token.
  private mutating func skipFull() {
    if generation.stopIndex != nil {
      generation.end()
      return
    }
    guard let open = block.firstIndex(where: { $0 == nil }) else {
      generation.phase = .read
      if generation.isComplete && options.maximumBlocks == nil {
        generation.end()
      }
      return
    }
    generation.phase = .denoise(part: open / options.subBlockLength)
  }
}
