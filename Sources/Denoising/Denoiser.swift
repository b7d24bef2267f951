/// The denoising loop: ask the model, choose slots, fill them, until nothing is left to do.
///
/// There is one loop; what differs between methods is in the policy and in the predictor.
public struct Denoiser<Predictor: MaskPredictor> {
  public internal(set) var canvas: Canvas
  public private(set) var predictor: Predictor
  public let policy: DenoisingPolicy
  /// Steps made.
  public private(set) var stepCount = 0

  let left: [Int]
  let right: [Int]
  private let now: () -> Double
  /// The block being filled, or the last one that was.
  private var block: Block?
  private var expansions = 0
  private var milliseconds = 0.0
  private var firstMilliseconds = 0.0

  /// - Parameters:
  ///   - left, right: text tokens beside the canvas, for the repetition guard, a few dozen of which
  ///     do, and for `padding`, which looks for its token in all of `left`.
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

  /// The next step, or nil when nothing is left to do. Throws what the predictor throws; the canvas
  /// is then as it was, and `next` may be called again.
  public mutating func next() throws -> Step? {
    guard let question = question() else { return nil }
    return take(try predictor.predict(canvas, question.query), to: question)
  }

  /// What the next step asks of the predictor; nil when nothing is left to do.
  func question() -> Question? {
    guard let block = currentBlock() else { return nil }
    let open = canvas.openSlots(in: block.range)
    let shown = policy.editing == nil ? [] : canvas.revisableSlots(in: block.range)
    let isFinal = isFinal(block)
    return Question(
      query: query((open + shown).sorted(), block, isFinal: isFinal), block: block, open: open,
      isFinal: isFinal, start: now())
  }

  /// Makes the step that `answer` leads to.
  mutating func take(_ answer: Prediction, to question: Question) -> Step {
    var block = question.block
    let (open, isFinal) = (question.open, question.isFinal)
    let tokens = predictor.canvasTokens
    precondition(
      answer.slots.map(\.slot) == question.query.slots, "the predictor answered for other slots")

    let special = Set([tokens.delete, tokens.expand].compactMap(\.self))
    let isOpen = Set(open)
    let predictions = revised(
      answer.slots.filter { isOpen.contains($0.slot) }, special: special)
    block.progress.run = RunProgress(
      steps: stepCount, milliseconds: milliseconds, firstMilliseconds: firstMilliseconds,
      current: now() - question.start,
      openElsewhere: canvas.openSlots.count - open.count)
    let chosen = choose(predictions, &block.progress, isFinal: isFinal)
    let edited = edit(answer.slots.filter { !isOpen.contains($0.slot) })
    let remasked = remask(block)
    var filled = fill(chosen, isFinal: isFinal, special: special)
    filled.formUnion(pad(block.range))
    for prediction in predictions where !filled.contains(prediction.slot) {
      canvas.note(prediction)
    }

    let expanded = filled.filter { canvas.slots[$0].content == .token(tokens.expand ?? -1) }
    let removed = filled.filter { tokens.removesDeleted && canvas.slots[$0].content == .deleted }
    let count = canvas.count
    let places = canvas.resize(expanding: expanded, removing: removed)
    expansions += expanded.count
    block.range = block.range.lowerBound..<block.range.upperBound + canvas.count - count
    block.progress.step += 1
    if open.isEmpty {
      block.extraSteps += 1
      block.isSettled = edited.isEmpty
    }
    self.block = block
    stepCount += 1
    let duration = now() - question.start
    milliseconds += duration
    if stepCount == 1 { firstMilliseconds = duration }
    let touched = filled.union(edited).union(remasked)
    return Step(
      index: stepCount,
      predictions: answer.slots.map { found in
        predictions.first { $0.slot == found.slot } ?? found
      }, committed: filled.sorted(), expanded: expanded.sorted(), removed: removed.sorted(),
      edited: edited, remasked: remasked, canvas: canvas,
      changed: touched.sorted().flatMap { places[$0] }, plannedSteps: plannedSteps,
      milliseconds: duration, forwardPasses: answer.forwardPasses,
      isLast: currentBlock() == nil)
  }

  /// Slots from the left that no later step changes. O(slots).
  public var certainCount: Int {
    guard policy.editing != nil || policy.reveal.remasks else { return canvas.settledCount }
    return currentBlock()?.range.lowerBound ?? canvas.settledCount
  }

  /// Steps foreseen for the whole canvas; nil where confidence decides.
  private var plannedSteps: Int? {
    policy.reveal.plannedSteps.map { $0 * policy.order.blockCount(canvas.count) }
  }

  /// Whether a fixed number of steps ends with the next step of a block.
  private func isFinal(_ block: Block) -> Bool {
    policy.reveal.plannedSteps.map { block.progress.step + 1 >= $0 } ?? false
  }

  private func query(_ slots: [Int], _ block: Block, isFinal: Bool) -> PredictionQuery {
    let tokens = predictor.canvasTokens
    return PredictionQuery(
      slots: slots, block: block.range, choice: policy.choice,
      allowsDelete: policy.lengthMayChange && tokens.delete != nil && canClose,
      allowsExpand: policy.lengthMayChange && tokens.expand != nil && !isFinal && canGrow,
      candidates: policy.candidates)
  }

  /// Whether a slot may still be closed.
  var canClose: Bool {
    canvas.slots.count { $0.content != .deleted } > policy.minimumLength
  }

  private var canGrow: Bool {
    let growth = policy.growth ?? Growth(length: 2 * canvas.firstLength)
    return canvas.count < growth.length && growth.expansions.map { expansions < $0 } ?? true
  }

  /// The block that the next step works on; nil when nothing is left to do.
  private func currentBlock() -> Block? {
    if let block {
      let isOpen = canvas.slots[block.range].contains { $0.content == .open }
      if isOpen || block.progress.step < policy.leastSteps { return block }
      if let editing = policy.editing, !block.isSettled, block.extraSteps < editing.extraSteps {
        return block
      }
      if hasStopped(block.range.upperBound) { return nil }
    }
    var end = block?.range.upperBound ?? 0
    while let range = policy.order.block(behind: end, count: canvas.count) {
      let open = canvas.openSlots(in: range)
      let hasWork =
        !open.isEmpty || (policy.editing != nil && !canvas.revisableSlots(in: range).isEmpty)
      if hasWork { return Block(range: range, progress: RevealProgress(first: open.count)) }
      end = range.upperBound
    }
    return nil
  }

  /// Whether a stop token stands in the first `end` slots that a person has not pinned.
  private func hasStopped(_ end: Int) -> Bool {
    !policy.stops.isEmpty
      && canvas.slots[..<end].contains { slot in
        if case .token(let token) = slot.content, !slot.isPinned {
          return policy.stops.contains(token)
        }
        return false
      }
  }
}

/// A step that has been asked of a predictor.
struct Question {
  var query: PredictionQuery
  var block: Block
  /// Slots of the block that are open.
  var open: [Int]
  /// Whether a fixed number of steps ends with this one.
  var isFinal: Bool
  /// The clock when the step began.
  var start: Double
}

/// Where the loop stands in a block.
struct Block: Equatable {
  var range: Range<Int>
  var progress: RevealProgress
  /// Steps since no mask is left.
  var extraSteps = 0
  /// Whether the last of these changed nothing.
  var isSettled = false
}

extension Canvas {
  func openSlots(in range: Range<Int>) -> [Int] {
    range.filter { slots[$0].content == .open }
  }

  /// Slots that show a token nobody has pinned.
  func revisableSlots(in range: Range<Int>) -> [Int] {
    range.filter {
      if case .token = slots[$0].content { !slots[$0].isPinned } else { false }
    }
  }
}
