internal import Denoising
internal import Infilling
internal import Transformers

/// A passage written from left to right, without the text after it: the output of a generator as a
/// canvas of a given length.
struct WrittenPassage {
  private var generator: any TextGenerator
  /// Slots that showed a token from the beginning and are kept.
  private let kept: [Canvas.Slot]
  private let slots: Int
  private let plannedSteps: Int?

  /// - Parameters:
  ///   - generator: writes as many tokens as `canvas` has slots from the first mask on.
  ///   - canvas: its tokens before the first mask are kept, the others are rewritten.
  init(_ generator: any TextGenerator, canvas: Canvas, plannedSteps: Int?) {
    self.generator = generator
    self.plannedSteps = plannedSteps
    kept = Array(canvas.slots[..<canvas.settledCount])
    slots = canvas.count
  }

  var canvas: Canvas { canvas(generator.canvas) }

  private func canvas(_ written: Canvas) -> Canvas {
    // Drafts may reach beyond the passage.
    let shown = kept + written.slots.prefix(slots - kept.count)
    return Canvas(
      shown + Array(repeating: Canvas.Slot(.open), count: max(0, slots - shown.count)))
  }

  mutating func next() throws -> Step? {
    let before = canvas
    guard var step = try generator.next() else { return nil }
    let certain = kept.count + generator.certainCount(after: step)
    step.canvas = canvas(step.canvas)
    step.changed = step.canvas.slots.indices.filter { index in
      !before.slots.indices.contains(index)
        || before.slots[index].content != step.canvas.slots[index].content
    }
    step.committed = step.committed.map { kept.count + $0 }.filter { $0 < slots }
    step.plannedSteps = plannedSteps
    // A whole draft may still turn out to be wrong.
    step.isLast = step.canvas.isFilled && certain >= slots
    return step
  }
}

extension WrittenPassage {
  /// Tokens of a draft that each pass verifies and makes for every length of it.
  private static let quadraticDraft = 8

  /// Writes in the given mode with the weights of `transformer`. Throws
  /// `InferenceError.passageTooLong` if text and canvas exceed the context length.
  ///
  /// - Parameters:
  ///   - before: the text before, encoded as far as it is; at least one token.
  ///   - drafting: how drafts are made, for self-speculation.
  ///   - banned: ids never written.
  init(
    _ settings: InfillSettings, canvas: Canvas, before: EncodedText, _ transformer: Transformer,
    drafting: Drafting, blockLength: Int, banned: [Int]
  ) throws {
    let room = transformer.configuration.contextLength - before.tokens.count
    guard canvas.count <= room else {
      throw InferenceError.passageTooLong(tokens: canvas.count, limit: room)
    }
    let context = DecodingContext(
      transformer, capacity: before.tokens.count + canvas.count,
      beforeLayer: { _ in try Task.checkCancellation() })
    let prompt = before.tokens + canvas.shownTokens.prefix(canvas.settledCount)
    context.adopt(before)
    let count = canvas.count - canvas.settledCount
    let limits = GenerationLimits(maximumTokens: count, banned: banned)
    let sampling = SamplingOptions(temperature: settings.temperature, seed: settings.seed)
    let watch = Stopwatch()
    let generator: any TextGenerator
    switch (settings.mode, drafting) {
    case (.autoregressive, _):
      generator = AutoregressiveGenerator(
        context, prompt: prompt, limits: limits, sampling: sampling, now: { watch.milliseconds })
    case (.quadratic, .block(let mask, _)):
      generator = QuadraticSpeculation(
        context, prompt: prompt, mask: mask, limits: limits, draftLength: Self.quadraticDraft,
        sampling: sampling, now: { watch.milliseconds })
    default:
      generator = LinearSpeculation(
        context, prompt: prompt, drafting: drafting, limits: limits, blockLength: blockLength,
        sampling: sampling, now: { watch.milliseconds })
    }
    self.init(
      generator, canvas: canvas, plannedSteps: settings.mode == .autoregressive ? count : nil)
  }
}
