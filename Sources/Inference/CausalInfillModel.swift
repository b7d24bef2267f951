internal import Checkpoints
internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

/// A model that continues text, without an adapter, and its tokenizer: it searches for a passage, or
/// writes it from the left, blind to what follows; it fills no masks. Confined to the engine.
final class CausalInfillModel: SearchingModel {
  let forwardModel: ForwardModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  let path: String
  let unwritten: [Int]
  let lineBreaks: [Int]
  private(set) lazy var passageTokens = PassageTokens(
    tokenizer, vocabularySize: configuration.vocabularySize)
  let chat: ChatTemplate?
  var pace: SearchPace
  private var prefixes: PrefixCache

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
    pace = SearchPace(parameters: configuration.parameters)
    prefixes = PrefixCache(configuration, kept: 3)
    chat = try ChatTemplate.tuned(checkpoint, tokenizer)
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format,
      ModelAbilities(configuration, hasAdapter: false, lengthTokens: nil),
      followsInstructions: chat != nil, takesGuidance: false, searches: true)
  }

  func leftContext(_ tokens: [Int]) -> CachedPrompt { prefixes.text(started(tokens)) }

  /// No mask id: a canvas of this model has no masks.
  var canvasTokens: CanvasTokens { CanvasTokens(mask: -1) }

  func speculation(in mode: DecodingMode) -> Speculation {
    mode == .autoregressive
      ? .none : .linear(.promptLookup(PromptLookup()), blockLength: TextGenerator.verification)
  }

  /// A session for a request. Throws for what the model cannot do.
  func session(
    _ request: InfillRequest, beside pictures: SeenPictures
  ) throws -> any PassageSession {
    let settings = request.settings
    if let reason = settings.refusal(by: .causal, summary) { throw refusal(reason) }
    if let instruction = request.instruction {
      return try instructedSession(request, instruction)
    }
    if settings.allowsSearch { return try searchSession(request) }
    let setup = PassageSetup(request, self) { settings.writtenSlots(for: $0) }
    return try writtenSession(setup, settings)
  }

  /// Throws: a model of one direction cannot score a word between its neighbours.
  func doubtRun(_ request: DoubtRequest, beside pictures: SeenPictures) throws -> DoubtRun {
    throw InferenceError.cannotInfill(path: path, family: configuration.family)
  }
}
