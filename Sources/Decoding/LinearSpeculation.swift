public import Denoising
internal import Transformers

/// Self-speculation: the model drafts a block bidirectionally, then reads it causally and keeps
/// what it would have written itself, and one token more (`linear_spec_generate` of
/// Nemotron-Labs-Diffusion). Drafts may also be what recurs in the text; they are then part of the
/// verification's step.
///
/// Every token written is the causal model's own choice for its place, so the text is that of
/// `AutoregressiveGenerator` with the same sampling. A draw's noise belongs to its slot, so this holds
/// above temperature 0, too.
public struct LinearSpeculation: TokenGenerator {
  private enum State {
    case read, draft, verify, done
  }

  private let context: DecodingContext
  private let drafting: Drafting
  private let blockLength: Int
  private let threshold: Double
  private let picker: TokenPicker
  private let draftPicker: TokenPicker
  private var text: GeneratedText
  private var state = State.read
  /// Slots that are verified; those behind are drafts.
  private var verified = 0

  /// - Parameters:
  ///   - context: an empty one.
  ///   - blockLength: tokens of a verification: the last one written and the drafts.
  ///   - threshold: 0 takes a whole draft from one pass; above, passes go on, each taking what is
  ///     at least this sure and the surest, until no mask is left.
  public init(
    _ context: DecodingContext, prompt: [Int], drafting: Drafting, limits: GenerationLimits,
    blockLength: Int = 32, threshold: Double = 0,
    sampling: SamplingOptions = .greedy, now: @escaping () -> Double = { 0 }
  ) {
    precondition(blockLength >= 1, "blocks of \(blockLength)")
    self.context = context
    self.drafting = drafting
    self.blockLength = blockLength
    self.threshold = threshold
    let banned = Array(Set(limits.banned + drafting.tokens))
    picker = TokenPicker(options: sampling, banned: banned)
    var drafting = sampling
    drafting.repetitionPenalty = 1
    draftPicker = TokenPicker(options: drafting, banned: banned)
    text = GeneratedText(prompt, limits, now: now)
    if limits.maximumTokens == 0 { state = .done }
  }

  public var canvas: Canvas { text.canvas }

  public mutating func next() throws -> Step? {
    switch state {
    case .read: try read()
    case .draft: try draft()
    case .verify: try verify()
    case .done: nil
    }
  }

  private mutating func read() throws -> Step {
    let start = text.clock
    let history = text.text
    let rows = try context.read(history)
    let first = try picker.pick(
      context.logits(rows: [rows - 1]), row: 0, slot: 0, history: history)
    text.append(first)
    goOn()
    return text.step(.encode, predictions: [first], committed: [0], passes: 1, since: start)
  }

  /// The last verified token and what stands behind it, nil for masks.
  private var block: [Int?] {
    text.slots[(verified - 1)...].map {
      if case .token(let token) = $0.content { token } else { nil }
    }
  }

  /// The last verified token and the drafts behind it.
  private var draftedBlock: [Int] {
    let block = block.compactMap(\.self)
    guard case .promptLookup(let promptLookup) = drafting else { return block }
    return block + promptLookup.drafts(behind: text.text, limit: draftCount)
  }

  /// Drafts that there is room for.
  private var draftCount: Int { min(blockLength, text.room) - 1 }

  private mutating func draft() throws -> Step {
    let start = text.clock
    let open = text.slots.indices.filter { text.slots[$0].content == .masked }
    let head = try drafting.run(block, wanted: open.map { $0 - verified + 1 }, on: context)
    let predictions = try draftPicker.pick(head, slots: open)
    var progress = UnmaskingProgress(first: open.count)
    let chosen =
      threshold > 0
      ? UnmaskingPolicy.threshold(threshold, always: .best).select(
        predictions, by: .probability, seed: 0, &progress) : predictions
    for prediction in predictions { text.note(prediction) }
    for prediction in chosen { text.place(prediction) }
    if chosen.count == open.count { state = .verify }
    return text.step(
      .draft, predictions: predictions, committed: chosen.map(\.slot).sorted(), passes: 1,
      since: start)
  }

  private mutating func verify() throws -> Step {
    let start = text.clock
    let block = draftedBlock
    let kept = context.count
    try context.run(block, keeps: true)
    let choices = try choices(after: block)
    let matches = zip(choices, block.dropFirst()).prefix { $0.token == $1 }.count
    let accepted = choices[...min(matches, choices.count - 1)]
    context.truncate(to: kept + accepted.count)
    text.truncate(to: verified)
    for choice in accepted { text.append(choice) }
    let committed = accepted.map(\.slot)
    goOn()
    return text.step(
      .verify, predictions: choices, committed: committed, passes: 1, since: start)
  }

  /// The causal choice after each token of the block that was read; where a choice depends on the
  /// text before it, those after the first wrong draft are left out.
  private func choices(after block: [Int]) throws -> [SlotPrediction] {
    let head = context.logits(rows: Array(block.indices))
    let slots = block.indices.map { verified + $0 }
    guard picker.options.looksBack else {
      return try picker.pick(head, slots: slots)
    }
    var history = text.prompt + Canvas(Array(text.slots[..<verified])).shownTokens
    var choices: [SlotPrediction] = []
    for (row, slot) in slots.enumerated() {
      let choice = try picker.pick(
        head, row: row, slot: slot, history: history)
      choices.append(choice)
      history.append(choice.token)
      guard row + 1 < block.count, choice.token == block[row + 1] else { break }
    }
    return choices
  }

  /// Opens the slots of the next draft, or ends.
  private mutating func goOn() {
    verified = text.slots.count
    if text.isComplete {
      text.cut()
      state = .done
      return
    }
    if case .promptLookup = drafting {
      state = .verify
      return
    }
    let drafts = draftCount
    text.open(drafts)
    state = drafts > 0 ? .draft : .verify
  }
}
