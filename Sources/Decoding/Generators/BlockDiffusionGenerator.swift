internal import DecodingPolicies
internal import Tensors
internal import Transformers

/// Fills a block of masks that sees the text before it and itself, both ways, then reads the
/// finished block and continues: `generate` of Nemotron-Labs-Diffusion.
///
/// Passes over a block leave no trace in the context; only reading does. Each step is one forward
/// pass.
public struct BlockDiffusionGenerator: TokenGenerator {
  private enum Phase {
    case read
    case denoise(UnmaskingProgress)
  }

  private let options: BlockDiffusionOptions
  private let mask: Int
  private var generation: Generation<Phase>
  /// Slot with which the present block begins.
  private var blockStart = 0
  /// Logits after what was read last, while they predict the first slot of a block.
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
    self.options = options
    self.mask = mask
    generation = Generation(
      context, prompt: prompt, limits: limits, sampling: sampling, inOrder: false, first: .read,
      now: now)
  }

  public var canvas: Canvas { generation.canvas }

  public mutating func next() throws -> Step? {
    switch generation.begin() {
    case .read?: try read()
    case .denoise(let progress)?: try denoise(progress)
    case nil: nil
    }
  }

  private mutating func read() throws -> Step {
    let whole = generation.text
    let rows: Int
    if options.readsCausally {
      rows = try generation.context.read(whole)
    } else {
      let part = Array(whole[generation.context.count...])
      try generation.context.run(part, visibility: .all, keeps: true)
      rows = part.count
    }
    guard !generation.isComplete else {
      generation.phase = nil
      return generation.step(.encode, predictions: [], committed: [])
    }
    let head = generation.context.logits(rows: [rows - 1])
    if options.shiftsLogits { seam = head.logits.row(0) }
    blockStart = generation.slots.count
    var seeds: [SlotPrediction] = []
    var committed: [Int] = []
    if options.seed == .nextToken {
      seeds = try generation.picker.pick(head, slots: [blockStart])
      if generation.append(seeds[0], unless: mask) { committed = [blockStart] }
    }
    generation.open(options.blockLength - seeds.count)
    generation.phase = .denoise(UnmaskingProgress(first: options.blockLength - committed.count))
    endBlock()
    return generation.step(
      .encode, predictions: seeds, committed: committed)
  }

  private mutating func denoise(_ before: UnmaskingProgress) throws -> Step {
    var progress = before
    let block = generation.slots[blockStart...].map {
      if case .token(let token) = $0.content { token } else { mask }
    }
    let open = generation.slots.indices.filter { generation.slots[$0].content == .masked }
    try generation.context.run(block, visibility: .all)
    let shift = options.shiftsLogits ? 1 : 0
    let head = generation.context.logits(rows: open.map { max(0, $0 - blockStart - shift) })
    if shift == 1 && open[0] == blockStart { head.setRow(0, seam) }
    let predictions = try generation.picker.pick(head, slots: open)
    let chosen = options.unmasking.select(
      predictions, by: options.confidence, seed: generation.picker.options.seed, &progress)
    for prediction in predictions { generation.note(prediction) }
    progress.step += 1
    let isPlanned = options.unmasking.plannedSteps.map { progress.step < $0 } ?? false
    let filled = generation.place(chosen, unless: mask, asksAgain: isPlanned)
    generation.phase = .denoise(progress)
    endBlock()
    return generation.step(
      .denoise, predictions: predictions, committed: filled)
  }

  /// Goes on to reading where the block is full, or is left for a stop token.
  private mutating func endBlock() {
    let isFull = generation.slots.allSatisfy { $0.content != .masked }
    let isStopped = generation.stopIndex != nil && options.leavesBlockAtStop
    guard isFull || isStopped else { return }
    generation.cut()
    generation.phase = generation.isComplete && !options.readsLastBlock ? nil : .read
  }
}
