public import Denoising
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
  /// Ends after this many blocks, the token predicted behind the last one included; nil: only the
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
/// logits shifted by one, each block's first token from the causal prediction behind the one
/// before. Each step is one forward pass.
public struct SubBlockGenerator: TokenGenerator {
  private enum State {
    case read
    case denoise(part: Int)
    case done
  }

  private let context: DecodingContext
  private let options: SubBlockOptions
  private let picker: TokenPicker
  private let mask: Int
  private var text: GeneratedText
  private var state = State.read
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
    precondition(!sampling.looksBack, "a repetition penalty needs text in order")
    self.context = context
    self.options = options
    self.mask = mask
    picker = TokenPicker(options: sampling, banned: limits.banned)
    text = GeneratedText(prompt, limits, now: now)
    blockCache = KeyValueCache(context.configuration, capacity: options.blockLength)
    partCache = KeyValueCache(context.configuration, capacity: options.subBlockLength)
    if limits.maximumTokens == 0 {
      state = .done
    } else if prompt.count < options.blockLength {
      openBlock()
    }
  }

  public var canvas: Canvas { text.canvas }

  public mutating func next() throws -> Step? {
    switch state {
    case .read: try read()
    case .denoise(let part): try denoise(part)
    case .done: nil
    }
  }

  /// Reads whole blocks; the row behind the last predicts the first token of a new one.
  private mutating func read() throws -> Step {
    let start = text.clock
    let whole = text.text
    let size = options.blockLength
    let end = whole.count / size * size
    var rows = 0
    while context.count < end {
      let part = Array(
        whole[context.count..<min(end, context.count + max(size, 128 / size * size))])
      try context.run(part, visibility: .custom { $0 / size >= $1 / size }, keeps: true)
      rows = part.count
    }
    var predictions: [SlotPrediction] = []
    var committed: [Int] = []
    if whole.count == end {
      predictions = try picker.pick(
        context.logits(rows: [rows - 1]), slots: [text.slots.count])
      if text.append(predictions[0], unless: mask) { committed = [predictions[0].slot] }
    }
    if text.isComplete || options.maximumBlocks.map({ blocks >= $0 }) ?? false {
      text.cut()
      state = .done
    } else {
      openBlock()
    }
    return text.step(
      .encode, predictions: predictions, committed: committed, passes: 1, since: start
    )
  }

  private mutating func openBlock() {
    let end = context.count + options.blockLength
    text.open(end - text.prompt.count - text.slots.count)
    blockCache.truncate(to: 0)
    blocks += 1
    state = .denoise(part: 0)
    skipFull()
  }

  private mutating func denoise(_ part: Int) throws -> Step {
    let start = text.clock
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
    let base = context.count - text.prompt.count
    let predictions = try picker.pick(
      context.logits(rows: rows), slots: open.map { base + $0 })
    let best = predictions.max {
      $0.probability != $1.probability ? $0.probability < $1.probability : $0.slot > $1.slot
    }
    let others = predictions.filter {
      $0.slot != best?.slot && Double($0.probability) > options.threshold
    }
    for prediction in predictions { text.note(prediction) }
    let filled = text.place([best].compactMap(\.self) + others, unless: mask)
    skipFull()
    return text.step(
      .denoise, predictions: predictions, committed: filled, passes: 1, since: start)
  }

  /// The present block: tokens of the prompt's end and of slots; nil where a mask stands.
  private var block: [Int?] {
    let first = context.count - text.prompt.count
    return (first..<first + options.blockLength).map { slot in
      if slot < 0 { return text.prompt[text.prompt.count + slot] }
      if case .token(let token) = text.slots[slot].content { return token }
      return nil
    }
  }

  private mutating func runBlock(_ block: [Int?]) throws {
    partCache.truncate(to: 0)
    blockCache.truncate(to: 0)
    try run(block[...], context: [ForwardPass.Context(context.cache)], target: blockCache)
  }

  private mutating func runPart(_ block: [Int?], _ range: Range<Int>) throws {
    partCache.truncate(to: 0)
    try run(
      block[range],
      context: [
        ForwardPass.Context(context.cache),
        ForwardPass.Context(blockCache, rows: 0..<range.lowerBound),
        ForwardPass.Context(blockCache, rows: range.upperBound..<options.blockLength),
      ], target: partCache)
    blockCache.overwrite(from: range.lowerBound, with: partCache)
  }

  private func run(
    _ tokens: ArraySlice<Int?>, context parts: [ForwardPass.Context], target: KeyValueCache
  ) throws {
    try context.run(
      ForwardPass(
        tokens.map { $0 ?? mask }, positions: tokens.indices.map { context.count + $0 },
        context: parts, visibility: .all, target: options.cachesBlock ? target : nil))
  }

  /// Goes on to the first part with a mask, or to reading, or ends at a stop token.
  private mutating func skipFull() {
    if text.stopIndex != nil {
      text.cut()
      state = .done
      return
    }
    guard let open = block.firstIndex(where: { $0 == nil }) else {
      state = .read
      if text.isComplete && options.maximumBlocks == nil {
        text.cut()
        state = .done
      }
      return
    }
    state = .denoise(part: open / options.subBlockLength)
  }
}
