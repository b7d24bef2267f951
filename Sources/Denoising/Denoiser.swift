/// The denoising loop: ask the model, choose slots, fill them, until no mask is left.
///
/// There is one loop; what differs between methods is in the policy and in the predictor.
public struct Denoiser<Predictor: MaskPredictor> {
  public private(set) var canvas: Canvas
  public private(set) var predictor: Predictor
  public let policy: DenoisingPolicy
  /// Steps made.
  public private(set) var stepCount = 0

  private let left: [Int]
  private let right: [Int]
  private let now: () -> Double

  /// - Parameters:
  ///   - left, right: text tokens beside the canvas, for the repetition guard; a few dozen do.
  ///   - now: milliseconds of any steady clock.
  public init(
    _ predictor: Predictor, canvas: Canvas, policy: DenoisingPolicy, left: [Int] = [],
    right: [Int] = [], now: @escaping () -> Double = { 0 }
  ) {
    self.predictor = predictor
    self.canvas = canvas
    self.policy = policy
    self.left = left
    self.right = right
    self.now = now
  }

  /// The next step, or nil when no mask is left. Throws what the predictor throws; the canvas is
  /// then as it was, and `next` may be called again.
  public mutating func next() throws -> Step? {
    let open = canvas.openSlots
    guard !open.isEmpty else { return nil }
    let start = now()
    let isFinal = policy.reveal.plannedSteps.map { stepCount + 1 >= $0 } ?? false
    let tokens = predictor.canvasTokens
    let query = PredictionQuery(
      slots: open, choice: policy.choice,
      allowsDelete: policy.lengthMayChange && tokens.delete != nil && canClose,
      allowsExpand: policy.lengthMayChange && tokens.expand != nil && !isFinal
        && canvas.count < 2 * canvas.firstLength,
      candidates: policy.candidates)
    let answer = try predictor.predict(canvas, query)
    precondition(answer.slots.map(\.slot) == open, "the predictor answered for other slots")

    let special = Set([tokens.delete, tokens.expand].compactMap(\.self))
    let predictions = revised(answer.slots, special: special)
    let filled = fill(
      isFinal ? select(predictions) : selectClosingFromLeft(predictions), isFinal: isFinal,
      special: special)
    for prediction in predictions where !filled.contains(prediction.slot) {
      canvas.note(prediction)
    }
    let expanded = filled.filter { canvas.slots[$0].content == .token(tokens.expand ?? -1) }
      .sorted()
    canvas.expand(expanded)
    stepCount += 1
    return Step(
      index: stepCount, predictions: predictions, committed: filled.sorted(), expanded: expanded,
      canvas: canvas, changed: Self.renumber(filled, expanded: expanded),
      plannedSteps: policy.reveal.plannedSteps, milliseconds: now() - start,
      forwardPasses: answer.forwardPasses)
  }

  /// Whether a slot may still be closed.
  private var canClose: Bool {
    canvas.slots.count { $0.content != .deleted } > policy.minimumLength
  }

  private func revised(_ predictions: [SlotPrediction], special: Set<Int>) -> [SlotPrediction] {
    guard let repetition = policy.repetition else { return predictions }
    let line = RepetitionGuard.Line(left: left, canvas: canvas, right: right)
    return predictions.map { repetition.revise($0, in: line, special: special) }
  }

  /// The slots of this step, surest first, ties to the left.
  private func select(_ predictions: [SlotPrediction]) -> [SlotPrediction] {
    var factor: Float = 1
    var ranked: [Ranked] = []
    for prediction in predictions {
      let score = policy.confidence.score(prediction, seed: policy.seed)
      // Entropies score below zero, where far off is more negative.
      let rank = score < 0 ? score / factor : score * factor
      ranked.append(Ranked(prediction: prediction, score: score, rank: rank))
      factor *= policy.lookahead
    }
    ranked.sort { a, b in
      a.rank != b.rank ? a.rank > b.rank : a.prediction.slot < b.prediction.slot
    }
    return policy.reveal.select(ranked, step: stepCount)
  }

  /// As `select`, but a slot is closed only together with every mask before it, and those that
  /// may be closed are closed at once.
  private func selectClosingFromLeft(_ predictions: [SlotPrediction]) -> [SlotPrediction] {
    guard policy.closesFromLeft, let delete = predictor.canvasTokens.delete else {
      return select(predictions)
    }
    let closing = predictions.prefix { $0.token == delete }
    let chosen = select(closing + predictions.filter { $0.token != delete })
    guard chosen.contains(where: { $0.token == delete }) else { return chosen }
    return closing + chosen.filter { $0.token != delete }
  }

  /// Fills the chosen slots. Slots of one step do not know of each other: where an earlier one
  /// makes a later one a repetition, the later one waits for the next step, unless this is the
  /// last.
  private mutating func fill(_ chosen: [SlotPrediction], isFinal: Bool, special: Set<Int>)
    -> Set<Int>
  {
    var filled: Set<Int> = []
    for prediction in chosen {
      var prediction = prediction
      if let repetition = policy.repetition, !filled.isEmpty {
        let line = RepetitionGuard.Line(left: left, canvas: canvas, right: right)
        let second = repetition.revise(prediction, in: line, special: special)
        if second != prediction && !isFinal { continue }
        prediction = second
      }
      if prediction.token == predictor.canvasTokens.delete && !canClose {
        guard isFinal,
          let other = prediction.candidates.first(where: { !special.contains($0.token) })
        else { continue }
        prediction.token = other.token
        prediction.probability = other.probability
      }
      canvas.place(
        prediction.token == predictor.canvasTokens.delete ? .deleted : .token(prediction.token),
        at: prediction.slot, confidence: prediction.probability, candidates: prediction.candidates)
      filled.insert(prediction.slot)
    }
    return filled
  }

  /// Numbers after growth of the slots `filled`, both halves of expanded ones.
  private static func renumber(_ filled: Set<Int>, expanded: [Int]) -> [Int] {
    let doubled = Set(expanded)
    return filled.sorted().flatMap { slot in
      let shifted = slot + expanded.count { $0 < slot }
      return doubled.contains(slot) ? [shifted, shifted + 1] : [shifted]
    }
  }
}

/// A slot with what the policies make of it.
struct Ranked {
  var prediction: SlotPrediction
  /// The policy's confidence.
  var score: Float
  /// What the order goes by.
  var rank: Float
}
