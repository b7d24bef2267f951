internal import Denoising
internal import Infilling
internal import Tokenizers
internal import Transformers

extension LoadedModel {
  /// Slots from the end of a passage on which the base's word counts less and less.
  private static let baseFade = 8

  /// A session for a request. Throws for what the model cannot do.
  func session(_ request: InfillRequest) throws -> any PassageSession {
    if request.settings.guidance != 0 {
      throw InferenceError.refused(
        path: summary.name, reason: "guidance requires a model that was trained for diffusion")
    }
    if let instruction = request.instruction {
      return try instructedSession(request, instruction)
    }
    let settings = request.settings
    try check(settings.mode)
    if searches(settings) { return try searchSession(request) }
    let isDiffusion = settings.mode == .diffusion
    let limit = slotLimit
    let windows = window(slots: min(limit, settings.slots ?? limit))
    let passage = PassageText(request, tokenizer: tokenizer, window: windows)
    let tokens = hole.adapter.tokens
    let text = CellText(
      tokenizer: tokenizer,
      tokens: CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand),
      dropsLeadingBlank: passage.dropsLeadingBlank, beginsWithBlank: passage.beginsWithBlank,
      tail: passage.tail)
    let vocabularySize = hole.transformer.configuration.vocabularySize
    let parts = PassageParts(
      canvas: request.canvas.map { text.canvas($0, vocabularySize: vocabularySize) },
      original: request.original.isEmpty ? [] : passage.original,
      limit: isDiffusion ? limit : .max, isEnd: tokenizer.endsSentence
    ) { count in
      isDiffusion ? settings.slots(for: count) : settings.slots ?? (count > 0 ? count : 8)
    }
    let lineBreaks = request.staysWithinLine ? lineBreaks : []
    return try EngineSession(passage, text, parts, windows: windows) { [self] part in
      isDiffusion
        ? .hole(denoiser(settings, part, banned: lineBreaks))
        : .written(try written(settings, part, banned: lineBreaks))
    }
  }

  private func denoiser(
    _ settings: InfillSettings, _ request: EngineSession.PartRequest, banned: [Int]
  ) -> Denoiser<HolePredictor> {
    var options = options
    options.baseFade = Self.baseFade
    options.banned += banned
    let canvas = request.part.canvas
    let policy = policy(
      DenoisingPolicy(
        settings, request.part, repetition: repetition,
        minimumLength: min(request.part.original.count, canvas.firstLength) / 2))
    // Committed slots on the left are context and do not change.
    options.settles = policy.editing == nil && !policy.reveal.remasks
    let before = prefix(request.prefix)
    let predictor = HolePredictor(
      hole, prefix: before,
      sharing: suffix(
        request.suffix, after: before, position: request.prefix.count + canvas.count),
      options: options, beforeLayer: { _ in try StepCallers.check() })
    let watch = Stopwatch()
    return Denoiser(
      predictor, canvas: canvas,
      policy: policy, left: Array(request.prefix.suffix(64)),
      right: Array(request.suffix.prefix(64)),
      now: { watch.milliseconds })
  }

  private func written(
    _ settings: InfillSettings, _ request: EngineSession.PartRequest, banned: [Int]
  ) throws -> WrittenPassage {
    let tokens = hole.adapter.tokens
    // A passage is written to be watched: masks become drafts, drafts text. Of the default model
    // 1.8 tokens of a verification are kept with one draft, and 1.9 with two or more.
    return try WrittenPassage(
      settings, canvas: request.part.canvas, before: leftContext(request.prefix),
      hole.transformer, drafting: .adapter(hole.adapter), blockLength: 2,
      banned: options.banned + banned + [tokens.mask, tokens.delete, tokens.expand])
  }
}

extension Tokenizer {
  /// Whether a token ends a line or has a mark at its end that ends a sentence.
  func endsSentence(_ token: Int) -> Bool {
    let bytes = bytes(of: token)
    return bytes.contains(UInt8(ascii: "\n")) || bytes.last.map(".!?".utf8.contains) ?? false
  }
}
