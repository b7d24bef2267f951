internal import Checkpoints
internal import Denoising
internal import Infilling
internal import Tensors
internal import Tokenizers
internal import Transformers

/// A model in memory with its tokenizer: everything that sessions share. Confined to the engine.
final class LoadedModel {
  let hole: HoleModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  let options: HoleOptions
  let repetition: RepetitionGuard
  /// Tokens that end a line; a passage within a line stays within it.
  let lineBreaks: [Int]
  /// Tokens that are not the inside of a word.
  let wordBeginnings: Set<Int>
  /// Tokens by what a passage may be made of, sorted when the first is searched for.
  private(set) lazy var passageTokens = PassageTokens(
    tokenizer, vocabularySize: hole.transformer.configuration.vocabularySize)
  /// Of a base that was tuned for conversations.
  let chat: ChatTemplate?
  var pace: SearchPace
  private var prefixes: RecentTexts
  /// Texts after passages used last, latest first, each with the text before it.
  private var suffixes: [(before: EncodedText, text: EncodedText)] = []
  /// Texts whose words were doubted last.
  var doubted: RecentTexts
  private let decoding: DecodingOptions
  private let path: String

  /// Opens, checks and packs the model. `progress` is called with 0...1 and may throw to end it.
  convenience init(
    _ source: ModelSource, decoding: DecodingOptions = DecodingOptions(),
    progress: (Double) throws -> Void
  ) throws {
    let checkpoint = try Checkpoint.open(try ModelLibrary.path(of: source.model))
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    try self.init(
      checkpoint, configuration, source, decoding: decoding, progress: progress)
  }

  /// The same of a checkpoint that is open. Throws `InferenceError.cannotInfill` where it has no
  /// adapter.
  init(
    _ checkpoint: Checkpoint, _ configuration: ModelConfiguration, _ source: ModelSource,
    decoding: DecodingOptions, progress: (Double) throws -> Void
  ) throws {
    path = checkpoint.path
    self.decoding = decoding
    guard let adapterPath = try source.adapterPath(for: checkpoint) else {
      throw InferenceError.cannotInfill(path: path, family: configuration.family)
    }
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    let weights = try ModelWeights(
      checkpoint, adapter: adapterPath, source, progress: progress)
    guard let adapter = weights.adapter else { preconditionFailure("an adapter got lost") }
    hole = HoleModel(transformer: weights.transformer, adapter: adapter)
    // MASK, DELETE and EXPAND are the predictor's business.
    let tokens = adapter.tokens
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize,
      except: [tokens.mask, tokens.delete, tokens.expand])
    options = HoleOptions(banned: classes.silent)
    pace = SearchPace(parameters: configuration.parameters)
    prefixes = RecentTexts(configuration, kept: 3)
    doubted = RecentTexts(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: classes.freelyRepeated)
    lineBreaks = classes.lineBreaks
    wordBeginnings = classes.wordBeginnings
    chat =
      try LoadedSequenceModel.isTuned(checkpoint)
      ? ChatTemplate(checkpoint, tokenizer: tokenizer) : nil
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format,
      ModelAbilities(configuration, hasAdapter: true, lengthTokens: nil),
      followsInstructions: chat != nil, takesGuidance: false,
      searches: decoding == DecodingOptions())
  }

  /// The prefix `tokens`, with as much of it encoded as a recent session has left.
  func prefix(_ tokens: [Int]) -> EncodedText { prefixes.text(tokens) }

  /// Text before a passage that is written or scored: the start token if it is empty.
  func leftContext(_ tokens: [Int]) -> EncodedText {
    tokens.isEmpty
      ? EncodedText([hole.adapter.tokens.start], model: hole.transformer.configuration)
      : prefix(tokens)
  }

  /// The text `tokens` after `before` and a passage, from `position` on. Candidates of a passage
  /// with equal length share it.
  func suffix(_ tokens: [Int], after before: EncodedText, position: Int) -> EncodedText {
    let known = suffixes.firstIndex {
      $0.before === before && $0.text.firstPosition == position && $0.text.tokens == tokens
    }
    let text =
      known.map { suffixes.remove(at: $0).text }
      ?? EncodedText(
        tokens, firstPosition: position, after: before, model: hole.transformer.configuration)
    suffixes = [(before, text)] + suffixes.prefix(1)
    return text
  }

  /// A policy with the engine's options applied.
  func policy(_ given: DenoisingPolicy) -> DenoisingPolicy {
    var policy = given
    decoding.apply(to: &policy)
    return policy
  }

  /// Throws for modes and options that do not apply to a model with an adapter.
  func check(_ mode: InfillSettings.Mode) throws {
    var reason =
      mode == .diffusion
      ? policy(DenoisingPolicy()).refusal
      : summary.refusal(of: mode) ?? decoding.refusal(of: mode)
    if let cache = decoding.cache, cache != .twoSided {
      reason = """
        with an adapter the text around a passage is encoded once, so the cache is exact \
        (two-sided); other caches are for models of full attention
        """
    }
    if decoding.endOfText != .free {
      reason = "this model never writes the end of text in a passage"
    }
    if decoding.blockLength != nil {
      reason = "this model has no blocks"
    }
    if let reason { throw refusal(reason) }
  }

  func refusal(_ reason: String) -> InferenceError { .refused(path: path, reason: reason) }

  /// Whether a passage is filled by search: unless the engine's options choose how masks are
  /// filled.
  func searches(_ settings: InfillSettings) -> Bool {
    settings.mode == .diffusion && decoding == DecodingOptions()
  }

  var slotLimit: Int { PassageText.slotLimit(hole.transformer.configuration) }

  /// Windows of context for a canvas of `slots` slots.
  func window(slots: Int) -> PassageText.Window {
    PassageText.Window(hole.transformer.configuration, slots: slots)
  }
}

extension ModelSummary {
  init(
    _ path: String, _ configuration: ModelConfiguration, _ kernels: Kernels,
    _ format: LinearWeights.Format, _ abilities: ModelAbilities, followsInstructions: Bool = false,
    takesGuidance: Bool = true, searches: Bool = false
  ) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    var modes: Set<InfillSettings.Mode> = abilities.infills ? [.diffusion] : []
    for (mode, ability) in [
      (InfillSettings.Mode.autoregressive, GenerationMode.autoregressive),
      (.selfSpeculation, .selfSpeculation), (.quadratic, .quadratic),
    ] where abilities.modes.contains(ability) { modes.insert(mode) }
    self.init(
      name: file, parameters: configuration.parameters,
      backend: "\(kernels.level.rawValue) \(format.rawValue), \(kernels.pool.threads) threads",
      followsInstructions: followsInstructions, takesGuidance: takesGuidance, modes: modes,
      searches: searches)
  }

  /// Why the model has no such mode; nil where it has.
  func refusal(of mode: InfillSettings.Mode) -> String? {
    modes.contains(mode) ? nil : "its weights have no \(mode.words) mode"
  }
}

extension InfillSettings.Mode {
  fileprivate var words: String {
    switch self {
    case .diffusion: "diffusion"
    case .autoregressive: "autoregressive"
    case .selfSpeculation: "self-speculation"
    case .quadratic: "quadratic self-speculation"
    }
  }
}
