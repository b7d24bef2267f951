public import Denoising
internal import Tensors
internal import Transformers

/// Fills a block of masks that sees the text before it and itself, both ways, then reads the
/// finished block and goes on: `generate` of Nemotron-Labs-Diffusion.
///
/// Passes over a block leave no trace in the context; only reading does. Each step is one forward
/// pass.
public struct BlockDiffusionGenerator: TokenGenerator {
  private enum State {
    case read
    case denoise(UnmaskingProgress)
    case done
  }

  private let context: DecodingContext
  private let options: BlockDiffusionOptions
  private let picker: TokenPicker
  private let mask: Int
  private var text: GeneratedText
  private var state = State.read
  /// Slot with which the present block begins.
  private var blockStart = 0
  /// Logits behind what was read last, while they predict the first slot of a block.
  private var seam: [Float] = []

  /// - Parameters:
  ///   - context: an empty one.
  ///   - mask: the model's mask id.
  ///   - sampling: must not look back: the slots of a block have no order.
  public init(
    _ context: DecodingContext, prompt: [Int], mask: Int, limits: GenerationLimits,
    options: BlockDiffusionOptions = BlockDiffusionOptions(),
    sampling: SamplingOptions = .greedy, now: @escaping () -> Double = { 0 }
  ) {
    precondition(!sampling.looksBack, "a repetition penalty needs text in order")
    self.context = context
    self.options = options
    self.mask = mask
    picker = TokenPicker(options: sampling, banned: limits.banned)
    text = GeneratedText(prompt, limits, now: now)
    if limits.maximumTokens == 0 { state = .done }
  }

  public var canvas: Canvas { text.canvas }

  public mutating func next() throws -> Step? {
    switch state {
    case .read: try read()
    case .denoise(let progress): try denoise(progress)
    case .done: nil
    }
  }

  private mutating func read() throws -> Step {
    let start = text.clock
    let whole = text.text
    let rows: Int
    if options.readsCausally {
      rows = try context.read(whole)
    } else {
      let part = Array(whole[context.count...])
      try context.run(part, visibility: .all, keeps: true)
      rows = part.count
    }
    guard !text.isComplete else {
      state = .done
      return text.step(.encode, predictions: [], committed: [], passes: 1, since: start)
    }
    let head = context.logits(rows: [rows - 1])
    if options.shiftsLogits { seam = head.logits.row(0) }
    blockStart = text.slots.count
    var seeds: [SlotPrediction] = []
    var committed: [Int] = []
    if options.seed == .nextToken {
      seeds = try picker.pick(head, slots: [blockStart])
      if text.append(seeds[0], unless: mask) { committed = [blockStart] }
    }
    text.open(options.blockLength - seeds.count)
    state = .denoise(UnmaskingProgress(first: options.blockLength - committed.count))
    endBlock()
    return text.step(
      .encode, predictions: seeds, committed: committed, passes: 1, since: start)
  }

  private mutating func denoise(_ before: UnmaskingProgress) throws -> Step {
    var progress = before
    let start = text.clock
    let block = text.slots[blockStart...].map {
      if case .token(let token) = $0.content { token } else { mask }
    }
    let open = text.slots.indices.filter { text.slots[$0].content == .masked }
    try context.run(block, visibility: .all)
    let shift = options.shiftsLogits ? 1 : 0
    let head = context.logits(rows: open.map { max(0, $0 - blockStart - shift) })
    if shift == 1 && open[0] == blockStart { head.setRow(0, seam) }
    let predictions = try picker.pick(head, slots: open)
    let chosen = options.unmasking.select(
      predictions, by: options.confidence, seed: picker.options.seed, &progress)
    for prediction in predictions { text.note(prediction) }
    progress.step += 1
    let isPlanned = options.unmasking.plannedSteps.map { progress.step < $0 } ?? false
    let filled = text.place(chosen, unless: mask, asksAgain: isPlanned)
    state = .denoise(progress)
    endBlock()
    return text.step(
      .denoise, predictions: predictions, committed: filled, passes: 1,
      since: start)
  }

  /// Goes on to reading where the block is full, or is left for a stop token.
  private mutating func endBlock() {
    let isFull = text.slots.allSatisfy { $0.content != .masked }
    let isStopped = text.stopIndex != nil && options.leavesBlockAtStop
    guard isFull || isStopped else { return }
    text.cut()
    state = text.isComplete && !options.readsLastBlock ? .done : .read
  }
}
