/// Fills a passage by search: drafts advance together after one text, each may end where the text
/// after the passage is likely, the likeliest ends are read with that text, and the best of them is
/// polished. The same seed gives the same passage.
///
/// A posterior over drafts at the cost of a batch, as in sequential Monte Carlo steering (Lew et
/// al. 2023, arXiv 2306.03081), with one final weighing in the place of repeated ones.
public struct PassageSearch<Model: DraftModel, Form: PassageForm> {
  /// The stage of the search.
  public enum Stage: Sendable, Equatable {
    case drafting
    /// Closings are being read with this many tokens of what follows.
    case reading(tokens: Int)
    case polishing(round: Int)
    case done
  }

  /// The passage as the leading draft has it, masks after it.
  public internal(set) var canvas: Canvas
  public internal(set) var model: Model
  public let policy: SearchPolicy
  public let length: PassageLength
  let form: Form
  /// Tokens after the passage.
  let following: [Int]
  /// Taken for the first of them where there is none: the end of a line or text.
  let end: Int?
  let now: () -> Double
  public internal(set) var stage = Stage.drafting
  var drafts: [Draft]
  /// Ends found, best first once they have been read.
  public internal(set) var closings: [Closing] = []
  var pass = 0
  /// Tokens drafted.
  var drafted = 0
  /// Times that drafts have begun again inside the best passages, and from nothing, where none of
  /// them came to an end.
  var redrafts = 0
  var restarts = 0
  /// Ends of drafts that were followed by others, because the best of them lacked something.
  var earlier: [Closing] = []
  /// What polishing has still to try.
  var exchanges: [Exchange] = []
  /// Milliseconds of all steps, and of those before the present generation of drafts began.
  var spent = 0.0
  var begun = 0.0
  private var stepCount = 0
  var leader = 0

  /// One draft under way.
  struct Draft {
    var tokens: [Closing.Token] = []
    var surprise: Float = 0
    /// Whether it advances in the next pass.
    var isAlive = true
    var isBroken = false
    var hasEnded = false

    init() {}

    /// A draft that begins with tokens of another.
    init(_ tokens: some Sequence<Closing.Token>) {
      self.tokens = Array(tokens)
      surprise = self.tokens.reduce(0) { $0 + $1.surprise }
    }

    var ids: [Int] { tokens.map(\.id) }

    /// −ln p a token.
    var mean: Float { tokens.isEmpty ? .infinity : surprise / Float(tokens.count) }
  }

  /// - Parameters:
  ///   - following: tokens after the passage, as many as are to be read.
  ///   - end: the token that ends a line or text, for a passage with nothing after it; nil for one
  ///     whose continuation is not known yet.
  ///   - now: milliseconds of any steady clock.
  public init(
    _ model: Model, form: Form, length: PassageLength, following: [Int], end: Int?,
    policy: SearchPolicy, now: @escaping () -> Double = { 0 }
  ) {
    self.model = model
    self.form = form
    self.length = length
    self.following = Array(following.prefix(policy.lookahead))
    self.end = end
    self.policy = policy
    self.now = now
    drafts = Array(repeating: Draft(), count: policy.draftCount)
    canvas = Canvas(masks: length.expected)
  }

  public var isDone: Bool { stage == .done }

  /// Drafts that still advance.
  public var alive: Int { drafts.count(where: \.isAlive) }

  /// The best passage found; nil before any was closed.
  public var best: Closing? { closings.first }

  /// The next step, or nil once the search is done. Throws what the model throws; the search is
  /// then as it was, and `next` may be called again.
  public mutating func next() throws -> Step? {
    guard stage != .done else { return nil }
    let start = now()
    let passesBefore = model.forwardPasses
    var passes = 0
    let isFinal = policy.steps.map { stepCount + 1 >= $0 } ?? false
    repeat {
      let clock = now()
      try makePass()
      passes += 1
      spent += now() - clock
    } while stage != .done && (isFinal || passes < policy.stride)
    return step(model.forwardPasses - passesBefore, since: start)
  }

  /// One pass of the model, and what follows from it.
  private mutating func makePass() throws {
    switch stage {
    case .done: break
    case .drafting: try advance()
    case .reading(let tokens): try read(tokens)
    case .polishing(let round): try polish(round)
    }
  }

  /// How long the present generation of drafts has taken.
  var generation: Double { spent - begun }

  /// Whether work of this many milliseconds still fits into the budget.
  func hasTime(for milliseconds: Double) -> Bool {
    policy.budget.map { spent + milliseconds <= $0 } ?? true
  }

  mutating func step(_ passes: Int, since start: Double) -> Step {
    let before = canvas
    canvas = shown
    stepCount += 1
    let changed = canvas.changedSlots(since: before)
    return Step(
      index: stepCount, predictions: [], committed: changed, canvas: canvas, changed: changed,
      plannedSteps: policy.steps, milliseconds: now() - start, forwardPasses: passes,
      isLast: stage == .done)
  }

  /// The best closing once closings were read, words under trial masked; before that the leading
  /// draft and masks.
  private var shown: Canvas {
    if stage != .drafting, let best {
      let masked = stage == .done ? [] : exchanges.map(\.slot)
      return Canvas(
        best.tokens.indices.map {
          masked.contains($0) ? Canvas.Slot(.masked) : best.tokens[$0].slot
        })
    }
    let tokens = drafts[leader].tokens
    let open = max(0, length.expected - tokens.count)
    return Canvas(
      tokens.map(\.slot) + Array(repeating: Canvas.Slot(.masked), count: open),
      firstLength: length.expected)
  }
}

extension Closing.Token {
  var slot: Canvas.Slot {
    Canvas.Slot(
      .token(id), isPinned: isPinned, confidence: probability, candidates: candidates)
  }
}
