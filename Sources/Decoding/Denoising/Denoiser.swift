internal import DecodingPolicies

/// The denoising loop: ask the model, choose slots, fill them, until nothing is left to do.
///
/// Methods that fill masks differ in the policy and the predictor alone. Generators that read,
/// draft and verify have loops of their own.
public struct Denoiser<Predictor: CanvasModel> {
  public internal(set) var canvas: Canvas
  public private(set) var predictor: Predictor
  public let policy: DenoisingPolicy
  /// Steps made.
  public private(set) var stepCount = 0

  let left: [Int]
  let right: [Int]
  let lists = StepLists()
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

  /// What the next step asks of the predictor; nil when nothing is left to do. Changes nothing: it
  /// may be asked again where no answer came.
  public func question() -> Question? {
    guard let block = currentBlock() else { return nil }
    let isFinal = isFinal(block)
    var maskedCount = 0
    lists.slots.removeAll(keepingCapacity: true)
    lists.slots.reserveCapacity(block.range.count)
    for slot in block.range {
      let isOpen = canvas.slots[slot].content == .masked
      if isOpen { maskedCount += 1 }
      if isOpen || policy.editing != nil && canvas.slots[slot].isRevisable {
        lists.slots.append(slot)
      }
    }
    return Question(
      query: query(lists.slots, block, isFinal: isFinal), block: block, maskedCount: maskedCount,
      isFinal: isFinal, start: now())
  }

  /// Makes the step that the answer to the last question leads to. Traps for an answer about other
  /// slots.
  public mutating func take(_ answer: Prediction, to question: Question) -> Step {
    var block = question.block
    let isFinal = question.isFinal
    let tokens = predictor.canvasTokens
    precondition(
      answer.slots.lazy.map(\.slot).elementsEqual(question.query.slots),
      "the predictor answered for other slots")

    let predictions = policy.repetition.map { revised(answer.slots, by: $0) } ?? answer.slots
    block.progress.run = RunProgress(
      steps: stepCount, milliseconds: milliseconds, firstMilliseconds: firstMilliseconds,
      current: now() - question.start,
      maskedElsewhere: canvas.maskedCount(in: 0..<canvas.count) - question.maskedCount)
    let open =
      policy.editing == nil
      ? predictions : predictions.filter { canvas.slots[$0.slot].content == .masked }
    choose(open, &block.progress, isFinal: isFinal)
    let edited = edit(predictions)
    let remasked = remask(block)
    var filled = fill(isFinal: isFinal)
    filled += pad(block.range)
    filled.sort()
    for prediction in open where canvas.slots[prediction.slot].content == .masked {
      canvas.note(prediction)
    }

    let expanded = filled.filter { canvas.slots[$0].content == .token(tokens.expand ?? -1) }
    let removed = filled.filter { tokens.removesDeleted && canvas.slots[$0].content == .deleted }
    var changed = filled
    if !edited.isEmpty || !remasked.isEmpty { changed = (filled + edited + remasked).sorted() }
    if !expanded.isEmpty || !removed.isEmpty {
      let count = canvas.count
      let places = canvas.resize(expanding: expanded, removing: removed)
      changed = changed.flatMap { places[$0] }
      expansions += expanded.count
      block.range = block.range.lowerBound..<block.range.upperBound + canvas.count - count
    }
    block.progress.step += 1
    if question.maskedCount == 0 {
      block.extraSteps += 1
      block.isStable = edited.isEmpty
    }
    self.block = block
    stepCount += 1
    let duration = now() - question.start
    milliseconds += duration
    if stepCount == 1 { firstMilliseconds = duration }
    return Step(
      index: stepCount, predictions: predictions, committed: filled, expanded: expanded,
      removed: removed, edited: edited, remasked: remasked, canvas: canvas, changed: changed,
      plannedSteps: plannedSteps, milliseconds: duration, forwardPasses: answer.forwardPasses,
      isLast: currentBlock() == nil)
  }

  /// Slots from the left that no later step changes. O(slots).
  public var certainCount: Int {
    guard policy.editing != nil || policy.unmasking.remasks else { return canvas.committedCount }
    return currentBlock()?.range.lowerBound ?? canvas.committedCount
  }

  /// Steps foreseen for the whole canvas; nil where confidence decides.
  private var plannedSteps: Int? {
    policy.unmasking.plannedSteps.map { $0 * policy.order.blockCount(canvas.count) }
  }

  /// Whether a fixed number of steps ends with the next step of a block.
  private func isFinal(_ block: Block) -> Bool {
    policy.unmasking.plannedSteps.map { block.progress.step + 1 >= $0 } ?? false
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
    let lengthLimits = policy.lengthLimits ?? LengthLimits(length: 2 * canvas.firstLength)
    return canvas.count < lengthLimits.length
      && lengthLimits.expansions.map { expansions < $0 } ?? true
  }

  /// The block that the next step works on; nil when nothing is left to do.
  private func currentBlock() -> Block? {
    if let block {
      let isOpen = canvas.slots[block.range].contains { $0.content == .masked }
      if isOpen || block.progress.step < policy.leastSteps { return block }
      if let editing = policy.editing, !block.isStable, block.extraSteps < editing.extraSteps {
        return block
      }
      if hasStopped(block.range.upperBound) { return nil }
    }
    var end = block?.range.upperBound ?? 0
    while let range = policy.order.block(behind: end, count: canvas.count) {
      let open = canvas.maskedCount(in: range)
      let hasWork =
        open > 0 || policy.editing != nil && canvas.slots[range].contains(where: \.isRevisable)
      if hasWork { return Block(range: range, progress: UnmaskingProgress(first: open)) }
      end = range.upperBound
    }
    return nil
  }

  /// Whether the first `end` slots have a stop token that a person has not pinned.
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

extension Denoiser where Predictor: MaskPredictor {
  /// The next step, or nil when nothing is left to do. Throws what the predictor throws; the canvas
  /// is then as it was, and `next` may be called again.
  public mutating func next() throws -> Step? {
    guard let question = question() else { return nil }
    return take(try predictor.predict(canvas, question.query), to: question)
  }
}

/// A step that has been asked of a predictor.
public struct Question {
  public internal(set) var query: PredictionQuery
  var block: Block
  /// Slots of the block that are open, of those asked about.
  var maskedCount: Int
  /// Whether a fixed number of steps ends with this one.
  var isFinal: Bool
  /// The clock when the step began.
  var start: Double
}

/// The progress of the loop in a block.
struct Block: Equatable {
  var range: Range<Int>
  var progress: UnmaskingProgress
  /// Steps since no mask is left.
  var extraSteps = 0
  /// Whether the last of these changed nothing.
  var isStable = false
}

extension Canvas {
  func maskedSlots(in range: Range<Int>) -> [Int] {
    var open: [Int] = []
    open.reserveCapacity(maskedCount(in: range))
    for slot in range where slots[slot].content == .masked { open.append(slot) }
    return open
  }

  /// Slots that show a token nobody has pinned.
  func revisableSlots(in range: Range<Int>) -> [Int] { range.filter { slots[$0].isRevisable } }
}

extension Canvas.Slot {
  /// Whether the slot shows a token nobody has pinned.
  var isRevisable: Bool { if case .token = content { !isPinned } else { false } }
}
