internal import Transformers

/// Self-speculation with one forward pass a cycle, which verifies the draft and drafts again for
/// every length of it that may prove right (`self_spec_generate` of Nemotron-Labs-Diffusion's
/// paper): k groups of a drafted token and k masks, quadratic in tokens.
///
/// Group j is the drafted token j and the masks after it. A drafted token sees the text and the
/// drafted tokens up to itself, as in causal reading; a mask sees those, too, and its own group
/// both ways. The row of drafted token j is the causal prediction after it; the masks of the group
/// are the next draft should exactly the tokens 0...j be right. The text is that of
/// `AutoregressiveGenerator`, as with `LinearSpeculation`.
public struct QuadraticSpeculation: TokenGenerator {
  private enum Phase { case read, cycle }

  private let mask: Int
  private let draftLength: Int
  private var generation: Generation<Phase>
  /// Slots the causal model has chosen; those after them are drafts.
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
    self.mask = mask
    self.draftLength = draftLength
    generation = Generation(
      context, prompt: prompt, limits: limits, banned: [mask], sampling: sampling, inOrder: false,
      first: .read, now: now)
  }

  public var canvas: Canvas { generation.canvas }

  public mutating func next() throws -> Step? {
    switch generation.begin() {
    case .read?: try read()
    case .cycle?: try cycle()
    case nil: nil
    }
  }

  /// Reads the prompt, and drafts after it in the same pass.
  private mutating func read() throws -> Step {
    let prompt = generation.prompt
    let longest = 128
    if prompt.count - generation.context.count > longest {
      _ = try generation.context.read(Array(prompt.dropLast(longest)))
    }
    let tail = Array(prompt[generation.context.count...])
    let count = tail.count
    try generation.context.run(
      tail + Array(repeating: mask, count: draftLength),
      visibility: .custom { row, column in column <= row || row >= count }, keeps: true)
    generation.context.truncate(to: prompt.count)
    let predictions = try generation.picker.pick(
      generation.context.logits(rows: [count - 1] + (1..<draftLength).map { count + $0 }),
      slots: Array(0..<draftLength))
    for prediction in predictions { generation.append(prediction) }
    verified = 1
    let step = finish(accepted: [0])
    return generation.step(
      .verify, predictions: predictions, committed: step)
  }

  private mutating func cycle() throws -> Step {
    let k = draftLength
    let kept = generation.context.count
    let first = verified - 1
    let draft = generation.slots[first..<first + k].map {
      if case .token(let token) = $0.content { token } else { mask }
    }
    // Drafted tokens first: those that prove right stay in the cache as they lie.
    let positions =
      (0..<k).map { kept + $0 } + (0..<k).flatMap { group in (1...k).map { kept + group + $0 } }
    func group(_ row: Int) -> Int { row < k ? row : row / k - 1 }
    try generation.context.run(
      draft + Array(repeating: mask, count: k * k), positions: positions,
      visibility: .custom { row, column in
        column < k ? column <= group(row) : row >= k && group(row) == group(column)
      }, keeps: true)
    let choices = try generation.picker.pick(
      generation.context.logits(rows: Array(0..<k)), slots: (0..<k).map { verified + $0 })
    let matches = zip(choices, draft.dropFirst()).prefix { $0.token == $1 }.count
    let accepted = Array(choices[...matches])
    generation.context.truncate(to: kept + accepted.count)
    let next = verified + accepted.count
    let drafts =
      k == 1
      ? []
      : try generation.picker.pick(
        generation.context.logits(rows: (1..<k).map { k + matches * k + $0 }),
        slots: (1..<k).map { next - 1 + $0 })
    generation.truncate(to: verified)
    for choice in accepted + drafts { generation.append(choice) }
    verified = next
    let committed = finish(accepted: accepted.map(\.slot))
    return generation.step(
      .verify, predictions: choices + drafts.filter { $0.slot > choices[k - 1].slot },
      committed: committed)
  }

  /// Ends where the verified text does; returns the accepted slots that remain.
  private mutating func finish(accepted: [Int]) -> [Int] {
    let isStopped = generation.stopIndex.map { $0 < verified } ?? false
    guard isStopped || verified >= generation.limits.maximumTokens else {
      generation.phase = .cycle
      return accepted
    }
    generation.truncate(to: verified)
    generation.end()
    return accepted
  }
}
