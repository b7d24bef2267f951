internal import Checkpoints
internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

/// A model that continues text, without an adapter, and its tokenizer: it writes a passage from the
/// left, blind to what follows, and fills no masks. Confined to the engine.
final class CausalInfillModel: InfillModel {
  let forwardModel: ForwardModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  let path: String
  let unwritten: [Int]
  let lineBreaks: [Int]

  /// Checks and packs the model. `progress` is called with 0...1 and may throw to end it.
  init(
    _ checkpoint: Checkpoint, _ configuration: ModelConfiguration, _ source: ModelSource,
    progress: (Double) throws -> Void
  ) throws {
    path = checkpoint.path
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    let weights = try ModelWeights(checkpoint, adapter: nil, source, progress: progress)
    forwardModel = ForwardModel(weights.transformer)
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize, except: [])
    unwritten = classes.silent
    lineBreaks = classes.lineBreaks
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format,
      ModelAbilities(configuration, hasAdapter: false, lengthTokens: nil))
  }

  /// No mask id: a canvas of this model has no masks.
  var canvasTokens: CanvasTokens { CanvasTokens(mask: -1) }

  func speculation(in mode: DecodingMode) -> Speculation {
    mode == .autoregressive
      ? .none : .linear(.promptLookup(PromptLookup()), blockLength: TextGenerator.verification)
  }

  /// A session for a request. Throws `InferenceError.cannotInfill` for one by diffusion.
  func session(
    _ request: InfillRequest, beside pictures: SeenPictures
  ) throws -> any PassageSession {
    let settings = request.settings
    guard settings.mode != .diffusion else {
      throw InferenceError.cannotInfill(path: path, family: configuration.family)
    }
    if request.instruction != nil {
      throw InferenceError.followsNoInstructions(model: summary.name)
    }
    if let reason = settings.refusal(by: .causal, summary) { throw refusal(reason) }
    let setup = PassageSetup(request, self) { settings.writtenSlots(for: $0) }
    return try writtenSession(setup, settings)
  }

  /// Throws: a model of one direction cannot score a word between its neighbours.
  func doubtRun(_ request: DoubtRequest, beside pictures: SeenPictures) throws -> DoubtRun {
    throw InferenceError.cannotInfill(path: path, family: configuration.family)
  }
}
