internal import DecodingPolicies
internal import Transformers

/// Self-speculation: the model drafts a block bidirectionally, then reads it causally and keeps
/// what it would have written itself, and one token more (`linear_spec_generate` of
/// Nemotron-Labs-Diffusion). Drafts may also be what recurs in the text; they are then part of the
/// verification's step.
///
/// Every token written is the causal model's own choice for its place, so the text is that of
/// `AutoregressiveGenerator` with the same sampling. A draw's noise belongs to its slot, so this
/// holds above temperature 0, too.
public struct LinearSpeculation: TokenGenerator {
  private enum Phase { case read, draft, verify }

  private let drafting: Drafting
  private let blockLength: Int
  private let threshold: Double
  private let draftPicker: TokenPicker
  private var generation: Generation<Phase>
  /// Slots that are verified; those after them are drafts.
  private var verified = 0

  /// - Parameters:
  ///   - context: an empty one.
  ///   - blockLength: tokens of a verification: the last one written and the drafts.
  ///   - threshold: 0 takes a whole draft from one pass; above, passes continue, each taking what
  ///     is at least this sure and the surest, until no mask is left.
  public init(
    _ context: DecodingContext, prompt: [Int], drafting: Drafting, limits: GenerationLimits,
    blockLength: Int = 32, threshold: Double = 0,
    sampling: SamplingOptions = .greedy, now: @escaping () -> Double = { 0 }
  ) {
    precondition(blockLength >= 1, "blocks of \(blockLength)")
    self.drafting = drafting
    self.blockLength = blockLength
    self.threshold = threshold
    generation = Generation(
      context, prompt: prompt, limits: limits, banned: drafting.tokens, sampling: sampling,
      inOrder: true, first: .read, now: now)
    var options = sampling
    options.repetitionPenalty = 1
    draftPicker = TokenPicker(options: options, banned: generation.picker.banned)
  }

  public var canvas: Canvas { generation.canvas }

  public mutating func next() throws -> Step? {
    switch generation.begin() {
    case .read?: try read()
    case .draft?: try draft()
    case .verify?: try verify()
    case nil: nil
    }
  }

  private mutating func read() throws -> Step {
    let first = try generation.readOn()
    goOn()
    return generation.step(.encode, predictions: [first], committed: [0])
  }

  /// The last verified token and what follows it, nil for masks.
  private var block: [Int?] {
    generation.slots[(verified - 1)...].map {
      if case .token(let token) = $0.content { token } else { nil }
    }
  }

  /// The last verified token and the drafts after it.
  private var draftedBlock: [Int] {
    let block = block.compactMap(\.self)
    guard case .promptLookup(let promptLookup) = drafting else { return block }
    return block + promptLookup.drafts(after: generation.text, limit: draftCount)
  }

  /// Drafts that there is room for.
  private var draftCount: Int { min(blockLength, generation.room) - 1 }

  private mutating func draft() throws -> Step {
    let open = generation.slots.indices.filter { generation.slots[$0].content == .masked }
    let head = try drafting.run(
      block, wanted: open.map { $0 - verified + 1 }, on: generation.context)
    let predictions = try draftPicker.pick(head, slots: open)
    var progress = UnmaskingProgress(first: open.count)
    let chosen =
      threshold > 0
      ? UnmaskingPolicy.threshold(threshold, always: .best).select(
        predictions, by: .probability, seed: 0, &progress) : predictions
    for prediction in predictions { generation.note(prediction) }
    for prediction in chosen { generation.place(prediction) }
    if chosen.count == open.count { generation.phase = .verify }
    return generation.step(
      .draft, predictions: predictions, committed: chosen.map(\.slot).sorted())
  }

  private mutating func verify() throws -> Step {
    let block = draftedBlock
    let kept = generation.context.count
    try generation.context.run(block, keeps: true)
    let choices = try choices(after: block)
    let matches = zip(choices, block.dropFirst()).prefix { $0.token == $1 }.count
    let accepted = choices[...min(matches, choices.count - 1)]
    generation.context.truncate(to: kept + accepted.count)
    generation.truncate(to: verified)
    for choice in accepted { generation.append(choice) }
    let committed = accepted.map(\.slot)
    goOn()
    return generation.step(
      .verify, predictions: choices, committed: committed)
  }

  /// The causal choice after each token of the block that was read; where a choice depends on the
  /// text before it, those after the first wrong draft are left out.
  private func choices(after block: [Int]) throws -> [SlotPrediction] {
    let head = generation.context.logits(rows: Array(block.indices))
    let slots = block.indices.map { verified + $0 }
    guard generation.picker.options.looksBack else {
      return try generation.picker.pick(head, slots: slots)
    }
    var history =
      generation.prompt + Canvas(Array(generation.slots[..<verified])).shownTokens
    var choices: [SlotPrediction] = []
    for (row, slot) in slots.enumerated() {
      let choice = try generation.picker.pick(
        head, row: row, slot: slot, history: history)
      choices.append(choice)
      history.append(choice.token)
      guard row + 1 < block.count, choice.token == block[row + 1] else { break }
    }
    return choices
  }

  /// Opens the slots of the next draft, or ends.
  private mutating func goOn() {
    verified = generation.slots.count
    if generation.isComplete {
      generation.end()
      return
    }
    if case .promptLookup = drafting {
      generation.phase = .verify
      return
    }
    let drafts = draftCount
    generation.open(drafts)
    generation.phase = drafts > 0 ? .draft : .verify
  }
}
