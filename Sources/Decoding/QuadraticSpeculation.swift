public import Denoising
internal import Transformers

/// Self-speculation with one forward pass a cycle, which verifies the draft and drafts anew for
/// every length of it that may prove right (`self_spec_generate` of Nemotron-Labs-Diffusion's
/// paper): k groups of a drafted token and k masks, quadratic in tokens.
///
/// Group j is the drafted token j and masks behind it. A drafted token sees the text and the drafted
/// tokens up to itself, as in causal reading; a mask sees those, too, and its own group both ways.
/// The row of drafted token j is the causal prediction after it; the masks of the group are the next
/// draft should exactly the tokens 0...j be right. The text is that of `AutoregressiveGenerator`,
/// as with `LinearSpeculation`.
public struct QuadraticSpeculation: TokenGenerator {
  private enum State {
    case read, cycle, done
  }

  private let context: DecodingContext
  private let mask: Int
  private let draftLength: Int
  private let picker: TokenPicker
  private var text: GeneratedText
  private var state = State.read
  /// Slots the causal model has chosen; those behind are drafts.
  private var verified = 0

  /// - Parameters:
  ///   - context: an empty one.
  ///   - draftLength: k, tokens of a draft, the first of which is the causal model's own.
  ///   - sampling: must not look back.
  public init(
    _ context: DecodingContext, prompt: [Int], mask: Int, limits: GenerationLimits,
    draftLength: Int = 16, sampling: SamplingOptions = .greedy,
    now: @escaping () -> Double = { 0 }
  ) {
    precondition(draftLength >= 1, "drafts of \(draftLength)")
    precondition(!sampling.looksBack, "a repetition penalty needs text in order")
    self.context = context
    self.mask = mask
    self.draftLength = draftLength
    picker = TokenPicker(options: sampling, banned: Array(Set(limits.banned + [mask])))
    text = GeneratedText(prompt, limits, now: now)
    if limits.maximumTokens == 0 { state = .done }
  }

  public var canvas: Canvas { text.canvas }

  public mutating func next() throws -> Step? {
    switch state {
    case .read: try read()
    case .cycle: try cycle()
    case .done: nil
    }
  }

  /// Reads the prompt, and drafts behind it in the same pass.
  private mutating func read() throws -> Step {
    let start = text.clock
    let prompt = text.prompt
    let longest = 128
    if prompt.count - context.count > longest {
      _ = try context.read(Array(prompt.dropLast(longest)))
    }
    let tail = Array(prompt[context.count...])
    let count = tail.count
    try context.run(
      tail + Array(repeating: mask, count: draftLength),
      visibility: .custom { row, column in column <= row || row >= count }, keeps: true)
    context.truncate(to: prompt.count)
    let predictions = try picker.pick(
      context.logits(rows: [count - 1] + (1..<draftLength).map { count + $0 }),
      slots: Array(0..<draftLength))
    for prediction in predictions { text.append(prediction) }
    verified = 1
    let step = finish(accepted: [0])
    return text.step(
      .verify, predictions: predictions, committed: step, passes: 1, since: start)
  }

  private mutating func cycle() throws -> Step {
    let start = text.clock
    let k = draftLength
    let kept = context.count
    let first = verified - 1
    let draft = text.slots[first..<first + k].map {
      if case .token(let token) = $0.content { token } else { mask }
    }
    // Drafted tokens first: those that prove right stay in the cache as they lie.
    let positions =
      (0..<k).map { kept + $0 } + (0..<k).flatMap { group in (1...k).map { kept + group + $0 } }
    func group(_ row: Int) -> Int { row < k ? row : row / k - 1 }
    try context.run(
      draft + Array(repeating: mask, count: k * k), positions: positions,
      visibility: .custom { row, column in
        column < k ? column <= group(row) : row >= k && group(row) == group(column)
      }, keeps: true)
    let choices = try picker.pick(
      context.logits(rows: Array(0..<k)), slots: (0..<k).map { verified + $0 })
    let matches = zip(choices, draft.dropFirst()).prefix { $0.token == $1 }.count
    let accepted = Array(choices[...matches])
    context.truncate(to: kept + accepted.count)
    let next = verified + accepted.count
    let drafts =
      k == 1
      ? []
      : try picker.pick(
        context.logits(rows: (1..<k).map { k + matches * k + $0 }),
        slots: (1..<k).map { next - 1 + $0 })
    text.truncate(to: verified)
    for choice in accepted + drafts { text.append(choice) }
    verified = next
    let committed = finish(accepted: accepted.map(\.slot))
    return text.step(
      .verify, predictions: choices + drafts.filter { $0.slot > choices[k - 1].slot },
      committed: committed, passes: 1, since: start)
  }

  /// Ends where the verified text does; returns the accepted slots that remain.
  private mutating func finish(accepted: [Int]) -> [Int] {
    let isStopped = text.stopIndex.map { $0 < verified } ?? false
    guard isStopped || verified >= text.limits.maximumTokens else {
      state = .cycle
      return accepted
    }
    text.truncate(to: verified)
    text.cut()
    state = .done
    return accepted
  }
}
