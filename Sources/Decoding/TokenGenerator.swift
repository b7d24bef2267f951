public import Denoising

/// Writes text behind a prompt, a step at a time.
///
/// A generator is a value over a `DecodingContext` of its own; every way to generate has the same
/// steps, so that whoever shows denoising can show all of them. After an error `next` may be called
/// again.
public protocol TokenGenerator {
  /// What stands behind the prompt: tokens, and masks where a block is under way.
  var canvas: Canvas { get }

  /// The next step, or nil after the last.
  mutating func next() throws -> Step?

  /// Slots from the left that no step after `step`, the last one made, changes, as far as no mask
  /// stands among them.
  func certainCount(after step: Step) -> Int
}

extension TokenGenerator {
  /// Drafts are not certain; of a verification, what it kept.
  public func certainCount(after step: Step) -> Int {
    switch step.phase {
    case .draft: 0
    case .verify: (step.committed.last ?? -1) + 1
    case .denoise, .encode: step.canvas.count
    }
  }

  /// Makes all steps that are left.
  public mutating func finish() throws -> [Step] {
    var steps: [Step] = []
    while let step = try next() { steps.append(step) }
    return steps
  }

  /// The generated tokens.
  public var tokens: [Int] { canvas.shownTokens }
}

/// When a generator ends, and what it never writes.
public struct GenerationLimits: Sendable, Equatable {
  /// The text ends after this many tokens.
  public var maximumTokens: Int
  /// The text ends with the first of these.
  public var stopTokens: Set<Int>
  /// Ids never written: rows of the head that have no token, and the mask, unless it is to be what the
  /// published code makes of it.
  public var banned: [Int]

  public init(maximumTokens: Int, stopTokens: Set<Int> = [], banned: [Int] = []) {
    precondition(maximumTokens >= 0, "\(maximumTokens) tokens")
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
    self.banned = banned
  }
}

/// The slots behind a prompt, and the steps that changed them.
struct GeneratedText {
  let prompt: [Int]
  let limits: GenerationLimits
  private let now: () -> Double
  private(set) var slots: [Canvas.Slot] = []
  private(set) var stepCount = 0

  init(_ prompt: [Int], _ limits: GenerationLimits, now: @escaping () -> Double) {
    precondition(!prompt.isEmpty, "a generator needs a token to begin with")
    self.prompt = prompt
    self.limits = limits
    self.now = now
  }

  var canvas: Canvas { Canvas(slots) }
  var clock: Double { now() }

  /// Tokens from the left up to the first mask.
  var committed: [Int] { Canvas(Array(slots.prefix { $0.content != .masked })).shownTokens }

  /// Prompt and committed tokens.
  var text: [Int] { prompt + committed }

  /// Slots that may still be made.
  var room: Int { limits.maximumTokens - slots.count }

  /// Whether a committed token ends the text, or no more are wanted.
  var isComplete: Bool {
    slots.count >= limits.maximumTokens && slots.allSatisfy { $0.content != .masked }
      || stopIndex != nil
  }

  /// Slot of the first stop token with no mask before it.
  var stopIndex: Int? { committed.firstIndex(where: limits.stopTokens.contains) }

  mutating func open(_ count: Int) {
    slots += Array(repeating: Canvas.Slot(.masked), count: count)
  }

  mutating func append(_ prediction: SlotPrediction) {
    precondition(prediction.slot == slots.count, "slot \(prediction.slot) of \(slots.count)")
    open(1)
    place(prediction)
  }

  mutating func place(_ prediction: SlotPrediction) {
    slots[prediction.slot] = Canvas.Slot(
      .token(prediction.token), confidence: prediction.probability,
      candidates: prediction.candidates)
  }

  /// Opens a slot and places a prediction in it; one of the mask leaves it a mask, to be asked about.
  /// Returns whether it was filled.
  mutating func append(_ prediction: SlotPrediction, unless mask: Int) -> Bool {
    append(prediction)
    guard prediction.token == mask else { return true }
    slots[prediction.slot].content = .masked
    return false
  }

  /// Places the choices of a step, surest first, and returns the slots filled, increasing.
  ///
  /// A slot for which the model predicts its own mask stays one and is asked about again, as in the
  /// published code. Where that would be all that the step does, the next one would be the same for
  /// ever: the surest slot then takes the likeliest other token, unless `asksAgain` says that a fixed
  /// number of steps ends it.
  mutating func place(
    _ chosen: [SlotPrediction], unless mask: Int, asksAgain: Bool = false
  ) -> [Int] {
    var filled = chosen.filter { $0.token != mask }
    if filled.isEmpty, !asksAgain, var surest = chosen.first {
      if let other = surest.candidates.first(where: { $0.token != mask }) {
        (surest.token, surest.probability) = (other.token, other.probability)
      }
      filled = [surest]
    }
    for prediction in filled { place(prediction) }
    return filled.map(\.slot).sorted()
  }

  mutating func note(_ prediction: SlotPrediction) {
    slots[prediction.slot].confidence = prediction.probability
    slots[prediction.slot].candidates = prediction.candidates
  }

  mutating func truncate(to count: Int) { slots.removeSubrange(min(count, slots.count)...) }

  /// Drops what stands behind the first stop token or beyond the limit.
  mutating func cut() {
    truncate(to: min(stopIndex.map { $0 + 1 } ?? slots.count, limits.maximumTokens))
  }

  /// The step that led to the present slots. `start` is `clock` before it.
  mutating func step(
    _ phase: Step.Phase, predictions: [SlotPrediction], committed: [Int], passes: Int,
    since start: Double
  ) -> Step {
    stepCount += 1
    return Step(
      index: stepCount, predictions: predictions, committed: committed, canvas: canvas,
      changed: committed.filter(slots.indices.contains), milliseconds: now() - start,
      forwardPasses: passes, phase: phase)
  }
}
