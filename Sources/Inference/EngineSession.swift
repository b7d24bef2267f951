internal import Denoising
internal import Infilling
internal import Transformers

/// One passage being denoised, inside the engine.
struct EngineSession {
  private var denoiser: Denoiser<HolePredictor>
  private let text: CellText
  private var forwardPasses = 0

  init(_ request: InfillRequest, _ model: LoadedModel) throws {
    let settings = request.settings
    let limit = model.slotLimit
    let passage = PassageText(
      request, tokenizer: model.tokenizer,
      window: model.window(slots: min(limit, settings.slots ?? limit)))
    let tokens = model.hole.adapter.tokens
    text = CellText(
      tokenizer: model.tokenizer,
      tokens: CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand),
      dropsLeadingBlank: passage.dropsLeadingBlank, tail: passage.tail)

    let canvas: Canvas
    if let cells = request.canvas {
      let vocabulary = model.hole.transformer.configuration.vocabularySize
      canvas = text.canvas(cells, vocabularySize: vocabulary)
    } else {
      let count = request.original.isEmpty ? 0 : passage.original.count
      canvas = Canvas(open: Self.slots(count, settings))
    }
    guard canvas.count <= (request.canvas == nil ? limit : 4 * limit) else {
      throw InferenceError.passageTooLong(tokens: canvas.count, limit: limit)
    }
    var options = model.options
    options.baseFade = Self.baseFade
    if !request.original.isEmpty && !request.original.contains(where: \.isNewline) {
      options.banned += model.lineBreaks
    }
    let predictor = HolePredictor(
      model.hole, prefix: model.prefix(passage.prefix), suffix: passage.suffix,
      options: options, beforeLayer: { _ in try Task.checkCancellation() })
    let start = ContinuousClock.now
    denoiser = Denoiser(
      predictor, canvas: canvas,
      policy: Self.policy(
        settings, canvas, model.repetition,
        minimumLength: min(passage.original.count, canvas.firstLength) / 2),
      left: Array(passage.prefix.suffix(64)), right: Array(passage.suffix.prefix(64)),
      now: { (ContinuousClock.now - start) / .milliseconds(1) })
  }

  var cells: [InfillCell] { text.cells(denoiser.canvas) }

  /// The next step; nil after the last. After an error the session is as it was before the call.
  mutating func next() throws -> InfillStep? {
    guard let step = try denoiser.next() else { return nil }
    forwardPasses += step.forwardPasses
    return InfillStep(
      index: step.index, cells: text.cells(step.canvas), changed: step.changed,
      plannedSteps: step.plannedSteps, milliseconds: step.milliseconds,
      forwardPasses: forwardPasses, isLast: step.isLast)
  }

  /// Slots for a passage of `count` tokens. With room to grow where surplus slots can be closed.
  static func slots(_ count: Int, _ settings: InfillSettings) -> Int {
    if let slots = settings.slots { return max(1, slots) }
    guard count > 0 else { return 8 }
    return settings.lengthMayChange ? count + max(4, count / 4) : count
  }

  /// Slots from the end of a passage on which the base's word counts less and less.
  private static let baseFade = 8

  /// A slot behind a mask is filled before that mask only where the model is twice as sure of it:
  /// masks say nothing to one another, and far words chosen early seldom meet the near ones.
  private static let lookahead: Float = 0.5

  private static func policy(
    _ settings: InfillSettings, _ canvas: Canvas, _ repetition: RepetitionGuard,
    minimumLength: Int
  ) -> DenoisingPolicy {
    let reveal: RevealPolicy =
      switch settings.reveal {
      case .steps(let steps, let schedule):
        // More steps than masks would foresee steps that have nothing to do.
        .steps(
          max(1, min(steps, canvas.openSlots.count)), schedule == .linear ? .linear : .cosine)
      case .threshold(let threshold): .threshold(threshold, always: .frontier)
      }
    return DenoisingPolicy(
      reveal: reveal,
      choice: settings.temperature > 0
        ? .sampled(temperature: settings.temperature, seed: settings.seed) : .greedy,
      lengthMayChange: settings.lengthMayChange, repetition: repetition,
      minimumLength: minimumLength, closesFromLeft: true, lookahead: lookahead)
  }
}
