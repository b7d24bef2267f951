internal import Tensors

/// What every generator is made of: the context that its text is read into, the choice of tokens, the
/// slots after the prompt, and what the next step does.
struct Generation<Phase> {
  let context: DecodingContext
  let picker: TokenPicker
  let prompt: [Int]
  let limits: GenerationLimits
  private(set) var slots: [Canvas.Slot] = []
  /// What the next step does; nil after the last.
  var phase: Phase?
  private var stepCount = 0
  private let now: () -> Double
  /// The clock when the step under way began.
  private var start = 0.0

  /// - Parameters:
  ///   - context: an empty one, or one that holds a beginning of the prompt.
  ///   - prompt: at least one token.
  ///   - banned: ids never written, besides those of `limits`.
  ///   - inOrder: whether each token is taken after all before it, as sampling that looks back
  ///     needs. Traps for such sampling otherwise.
  ///   - now: milliseconds of any steady clock.
  init(
    _ context: DecodingContext, prompt: [Int], limits: GenerationLimits, banned: [Int] = [],
    sampling: SamplingOptions, inOrder: Bool, first phase: Phase, now: @escaping () -> Double
  ) {
    precondition(!prompt.isEmpty, "a generator needs a token to begin with")
    precondition(inOrder || !sampling.looksBack, "a repetition penalty needs text in order")
    self.context = context
    picker = TokenPicker(options: sampling, banned: Array(Set(limits.banned + banned)))
    self.prompt = prompt
    self.limits = limits
    self.phase = limits.maximumTokens == 0 ? nil : phase
    self.now = now
  }

  var canvas: Canvas { Canvas(slots) }

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
}

// MARK: - Steps

extension Generation {
  /// What the step that begins now does; nil after the last.
  mutating func begin() -> Phase? {
    start = now()
    return phase
  }

  /// The step since `begin` that led to the present slots, in one forward pass.
  mutating func step(
    _ phase: Step.Phase, predictions: [SlotPrediction], committed: [Int]
  ) -> Step {
    stepCount += 1
    return Step(
      index: stepCount, predictions: predictions, committed: committed, canvas: canvas,
      changed: committed.filter(slots.indices.contains), milliseconds: now() - start,
      forwardPasses: 1, phase: phase)
  }

  /// Reads the text so far and appends the token that it leads to.
  mutating func readOn() throws -> SlotPrediction {
    let history = text
    let rows = try context.read(history)
    let prediction = try picker.pick(
      context.logits(rows: [rows - 1]), row: 0, slot: slots.count, history: history)
    append(prediction)
    return prediction
  }

  /// Drops what is after the end of the text; no step follows.
  mutating func end() {
    cut()
    phase = nil
  }
}

// MARK: - Slots

extension Generation {
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

  /// Opens a slot and places a prediction in it. A predicted mask leaves it a mask, which is asked
  /// about again. Returns whether it was filled.
  mutating func append(_ prediction: SlotPrediction, unless mask: Int) -> Bool {
    append(prediction)
    guard prediction.token == mask else { return true }
    slots[prediction.slot].content = .masked
    return false
  }

  /// Places the choices of a step, surest first, and returns the slots filled, increasing.
  ///
  /// A slot for which the model predicts its own mask stays one and is asked about again, as in the
  /// published code. If that were all that the step does, the next one would be the same for ever:
  /// the surest slot then takes the likeliest other token, unless `asksAgain` is true because a
  /// fixed number of steps ends it.
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

  /// Drops what is after the first stop token or beyond the limit.
  mutating func cut() {
    truncate(to: min(stopIndex.map { $0 + 1 } ?? slots.count, limits.maximumTokens))
  }
}
