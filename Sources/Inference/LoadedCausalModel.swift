internal import Checkpoints
internal import Denoising
internal import Infilling
internal import Tokenizers
internal import Transformers

/// A model that continues text, without an adapter, and its tokenizer: it writes a passage from the
/// left, blind to what follows, and fills no masks. Confined to the engine.
final class LoadedCausalModel {
  let transformer: Transformer
  let tokenizer: Tokenizer
  let summary: ModelSummary
  private let banned: [Int]
  private let lineBreaks: [Int]
  private let decoding: DecodingOptions
  private let path: String

  /// Checks and packs the model. `progress` is called with 0...1 and may throw to end it.
  init(
    _ checkpoint: Checkpoint, _ configuration: ModelConfiguration, _ source: ModelSource,
    decoding: DecodingOptions, progress: (Double) throws -> Void
  ) throws {
    path = checkpoint.path
    self.decoding = decoding
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    let weights = try ModelWeights(checkpoint, adapter: nil, source, progress: progress)
    transformer = weights.transformer
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize, except: [])
    banned = classes.silent
    lineBreaks = classes.lineBreaks
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format,
      ModelAbilities(configuration, hasAdapter: false, lengthTokens: nil))
  }

  /// Text before a passage that is written or scored: a start token if it is empty.
  func leftContext(_ tokens: [Int]) -> EncodedText {
    let configuration = transformer.configuration
    let start = tokenizer.special.beginning ?? configuration.beginToken ?? 0
    return EncodedText(tokens.isEmpty ? [start] : tokens, model: configuration)
  }

  /// A session for a request. Throws `InferenceError.cannotInfill` for one by diffusion.
  func session(_ request: InfillRequest) throws -> EngineSession {
    let settings = request.settings
    guard settings.mode != .diffusion else {
      throw InferenceError.cannotInfill(path: path, family: transformer.configuration.family)
    }
    if request.instruction != nil {
      throw InferenceError.followsNoInstructions(model: summary.name)
    }
    if settings.guidance != 0 {
      throw InferenceError.refused(
        path: path, reason: "guidance requires a model that was trained for diffusion")
    }
    if let reason = summary.refusal(of: settings.mode) ?? decoding.refusal(of: settings.mode) {
      throw InferenceError.refused(path: path, reason: reason)
    }
    let limit = PassageText.slotLimit(transformer.configuration)
    let windows = PassageText.Window(
      transformer.configuration, slots: min(limit, settings.slots ?? limit))
    let passage = PassageText(request, tokenizer: tokenizer, window: windows)
    // No mask id: a canvas of this model has no masks.
    let text = CellText(
      tokenizer: tokenizer, tokens: CanvasTokens(mask: -1),
      dropsLeadingBlank: passage.dropsLeadingBlank, beginsWithBlank: passage.beginsWithBlank,
      tail: passage.tail)
    let vocabularySize = transformer.configuration.vocabularySize
    let parts = PassageParts(
      canvas: request.canvas.map { text.canvas($0, vocabularySize: vocabularySize) },
      original: request.original.isEmpty ? [] : passage.original, limit: .max,
      isEnd: tokenizer.endsSentence
    ) { count in settings.slots ?? (count > 0 ? count : 8) }
    let banned = banned + (request.staysWithinLine ? lineBreaks : [])
    return try EngineSession(passage, text, parts, windows: windows) { [self] part in
      .written(
        try WrittenPassage(
          settings, canvas: part.part.canvas, before: leftContext(part.prefix), transformer,
          drafting: .recurrence(Recurrence()), blockLength: TextWriter.verification,
          banned: banned))
    }
  }

  /// Throws: a model of one direction cannot score a word between its neighbours.
  func doubtRun(_ request: DoubtRequest) throws -> DoubtRun {
    throw InferenceError.cannotInfill(path: path, family: transformer.configuration.family)
  }
}
