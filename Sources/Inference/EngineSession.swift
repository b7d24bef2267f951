internal import Denoising
internal import Infilling
internal import Transformers

/// One passage being denoised, inside the engine.
struct EngineSession {
  private var denoiser: any DenoisingRun
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
      dropsLeadingBlank: passage.dropsLeadingBlank, beginsWithBlank: passage.beginsWithBlank,
      tail: passage.tail)

    let count = request.original.isEmpty ? 0 : passage.original.count
    let canvas = try Self.canvas(
      request, text, model.hole.transformer.configuration, slots: Self.slots(count, settings))
    var options = model.options
    options.baseFade = Self.baseFade
    if request.staysWithinLine { options.banned += model.lineBreaks }
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

  /// With a diffusion model, which closes and doubles slots in its own way or not at all.
  init(_ request: InfillRequest, _ model: LoadedSequenceModel) throws {
    let limit = PassageText.slotLimit(model.configuration)
    let passage = PassageText(
      request, tokenizer: model.tokenizer,
      window: PassageText.Window(
        model.configuration, slots: min(limit, request.settings.slots ?? limit)))
    text = CellText(
      tokenizer: model.tokenizer,
      tokens: CanvasTokens(
        mask: model.model.traits.maskToken, delete: model.delete, expand: model.expand),
      dropsLeadingBlank: passage.dropsLeadingBlank, beginsWithBlank: passage.beginsWithBlank,
      tail: passage.tail)
    var settings = request.settings
    settings.lengthMayChange = settings.lengthMayChange && model.variesLength
    let count = request.original.isEmpty ? 8 : max(1, passage.original.count)
    let canvas = try Self.canvas(
      request, text, model.configuration, slots: settings.slots.map { max(1, $0) } ?? count)
    let (predictor, order) = try model.predictor(
      prefix: passage.prefix, suffix: passage.suffix, slots: canvas.count,
      banned: request.staysWithinLine ? model.lineBreaks : [])
    var policy = Self.policy(settings, canvas, model.repetition, minimumLength: 1)
    policy.order = order
    policy.closesFromLeft = false
    // A slot may be doubled and its halves removed again and again.
    let room = 2 * canvas.firstLength
    policy.growth = Growth(length: room, expansions: room)
    if order != .anywhere, case .steps(let steps, let schedule) = policy.reveal {
      policy.reveal = .steps(max(1, steps / order.blockCount(canvas.count)), schedule)
    }
    let start = ContinuousClock.now
    denoiser = Denoiser(
      predictor, canvas: canvas, policy: policy, left: Array(passage.prefix.suffix(64)),
      right: Array(passage.suffix.prefix(64)),
      now: { (ContinuousClock.now - start) / .milliseconds(1) })
  }

  /// The canvas a request asks for: its own, or `slots` masks. Throws for one that is too long.
  private static func canvas(
    _ request: InfillRequest, _ text: CellText, _ model: ModelConfiguration, slots: Int
  ) throws -> Canvas {
    let limit = PassageText.slotLimit(model)
    let canvas =
      request.canvas.map { text.canvas($0, vocabularySize: model.vocabularySize) }
      ?? Canvas(open: slots)
    guard canvas.count <= (request.canvas == nil ? limit : 4 * limit) else {
      throw InferenceError.passageTooLong(tokens: canvas.count, limit: limit)
    }
    return canvas
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
      case .budget(let milliseconds): .budget(milliseconds: Double(milliseconds))
      }
    return DenoisingPolicy(
      reveal: reveal,
      choice: settings.temperature > 0
        ? .sampled(temperature: settings.temperature, seed: settings.seed) : .greedy,
      lengthMayChange: settings.lengthMayChange, repetition: repetition,
      minimumLength: minimumLength, closesFromLeft: true, lookahead: lookahead)
  }
}

/// A denoising loop, whatever its predictor.
private protocol DenoisingRun {
  var canvas: Canvas { get }
  mutating func next() throws -> Step?
}

extension Denoiser: DenoisingRun {}

extension InfillRequest {
  /// Whether the passage is part of a line: what fills it has no line breaks.
  fileprivate var staysWithinLine: Bool {
    !original.isEmpty && !original.contains(where: \.isNewline)
  }
}
