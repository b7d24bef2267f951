internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Transformers

/// A passage written from left to right, without the text after it: the output of a generator as a
/// canvas of a given length.
struct AutoregressiveInfill {
  private var generator: any TokenGenerator
  /// Slots that showed a token from the beginning and are kept.
  private let kept: [Canvas.Slot]
  private let slots: Int
  private let plannedSteps: Int?

  /// - Parameters:
  ///   - generator: writes as many tokens as `canvas` has slots from the first mask on.
  ///   - canvas: its tokens before the first mask are kept, the others are rewritten.
  init(_ generator: any TokenGenerator, canvas: Canvas, plannedSteps: Int?) {
    self.generator = generator
    self.plannedSteps = plannedSteps
    kept = Array(canvas.slots[..<canvas.committedCount])
    slots = canvas.count
  }

  var canvas: Canvas { canvas(generator.canvas) }

  private func canvas(_ written: Canvas) -> Canvas {
    // Drafts may reach beyond the passage.
    let shown = kept + written.slots.prefix(slots - kept.count)
    return Canvas(
      shown + Array(repeating: Canvas.Slot(.masked), count: max(0, slots - shown.count)))
  }

  mutating func next() throws -> Step? {
    let before = canvas
    // After an error the generator is as it was.
    var advanced = generator
    let made = try advanced.next()
    generator = advanced
    guard var step = made else { return nil }
    let certain = kept.count + generator.certainCount(after: step)
    step.canvas = canvas(step.canvas)
    step.changed = step.canvas.changedSlots(since: before)
    step.committed = step.committed.map { kept.count + $0 }.filter { $0 < slots }
    step.plannedSteps = plannedSteps
    // A whole draft may still turn out to be wrong.
    step.isLast = step.canvas.isFilled && certain >= slots
    return step
  }
}

extension AutoregressiveInfill: PassageRun {
  func readAhead() throws -> Bool { false }
}

extension AutoregressiveInfill {
  /// Writes with `model`. Throws `InferenceError.passageTooLong` where text and
  /// canvas pass the context length.
  ///
  /// - Parameters:
  ///   - before: the text before, encoded as far as it is; at least one token.
  ///   - banned: ids never written.
  init(
    _ speculation: Speculation, canvas: Canvas, after before: CachedPrompt,
    _ model: ForwardModel, banned: [Int], sampling: SamplingOptions
  ) throws {
    let room = model.configuration.contextLength - before.tokens.count
    guard canvas.count <= room else {
      throw InferenceError.passageTooLong(tokens: canvas.count, limit: room)
    }
    let context = DecodingContext(
      model, capacity: before.tokens.count + canvas.count,
      onLayer: { _ in try Task.checkCancellation() })
    context.adopt(before)
    let count = canvas.count - canvas.committedCount
    let watch = Stopwatch()
    let generator = speculation.generator(
      context, prompt: before.tokens + canvas.shownTokens.prefix(canvas.committedCount),
      limits: GenerationLimits(maximumTokens: count, banned: banned), sampling: sampling,
      now: { watch.milliseconds })
    let isPlanned = if case .none = speculation { true } else { false }
    self.init(generator, canvas: canvas, plannedSteps: isPlanned ? count : nil)
  }
}
