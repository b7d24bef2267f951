internal import Checkpoints
internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tensors
internal import Tokenizers
internal import Transformers

/// A causal base with an adapter that fills passages, and its tokenizer: what sessions share.
/// Confined to the engine.
final class AdapterInfillModel: SearchingModel {
  let adapterModel: AdapterModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  let options: AdapterOptions
  let repetition: RepetitionGuard
  /// Tokens that end a line; a passage within a line stays within it.
  let lineBreaks: [Int]
  /// Tokens that are not the inside of a word.
  let wordBeginnings: Set<Int>
  /// Tokens by what a passage may be made of, sorted when the first is searched for.
  private(set) lazy var passageTokens = PassageTokens(
    tokenizer, vocabularySize: configuration.vocabularySize)
  /// Of a base that was tuned for conversations.
  let chat: ChatTemplate?
  var pace: SearchPace
  private var prefixes: PrefixCache
  /// Texts after passages used last, latest first, each with the text before it.
  private var suffixes: [(before: CachedPrompt, text: CachedPrompt)] = []
  /// Texts whose words were doubted last.
  var doubted: PrefixCache
  let path: String

  /// Opens, checks and packs the model. `progress` is called with 0...1 and may throw to end it.
  convenience init(
    _ source: ModelSource, progress: (Double) throws -> Void
  ) throws {
    let checkpoint = try Checkpoint.open(try ModelLibrary.path(of: source.model))
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    try self.init(checkpoint, configuration, source, progress: progress)
  }

  /// The same of a checkpoint that is open. Throws `InferenceError.cannotInfill` where it has no
  /// adapter.
  init(
    _ checkpoint: Checkpoint, _ configuration: ModelConfiguration, _ source: ModelSource,
    progress: (Double) throws -> Void
  ) throws {
    path = checkpoint.path
    guard let adapterPath = try source.adapterPath(for: checkpoint) else {
      throw InferenceError.cannotInfill(path: path, family: configuration.family)
    }
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    let weights = try ModelWeights(
      checkpoint, adapter: adapterPath, source, progress: progress)
    guard let adapter = weights.adapter else { preconditionFailure("an adapter got lost") }
    adapterModel = AdapterModel(ForwardModel(weights.transformer), adapter: adapter)
    // MASK, DELETE and EXPAND are the predictor's business.
    let tokens = adapter.tokens
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize,
      except: [tokens.mask, tokens.delete, tokens.expand])
    options = AdapterOptions(banned: classes.silent)
    pace = SearchPace(parameters: configuration.parameters)
    prefixes = PrefixCache(configuration, kept: 3)
    doubted = PrefixCache(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: classes.freelyRepeated)
    lineBreaks = classes.lineBreaks
    wordBeginnings = classes.wordBeginnings
    chat = try ChatTemplate.tuned(checkpoint, tokenizer)
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format,
      ModelAbilities(configuration, hasAdapter: true, lengthTokens: nil),
      followsInstructions: chat != nil, takesGuidance: false,
      searches: true)
  }

  var forwardModel: ForwardModel { adapterModel.base }

  var canvasTokens: CanvasTokens {
    let tokens = adapterModel.adapter.tokens
    return CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand)
  }

  var unwritten: [Int] { options.banned + adapterModel.adapter.tokens.slotTokens }

  /// A passage is written to be watched: masks become drafts, drafts text. Of the default model 1.8
  /// tokens of a verification are kept with one draft, and 1.9 with two or more.
  func speculation(in mode: DecodingMode) -> Speculation {
    mode == .autoregressive ? .none : .linear(.adapter(adapterModel.adapter), blockLength: 2)
  }

  /// The prefix `tokens`, with as much of it encoded as a recent session has left.
  func prefix(_ tokens: [Int]) -> CachedPrompt { prefixes.text(tokens) }

  /// Text before a passage that is written or scored: the start token if it is empty.
  func leftContext(_ tokens: [Int]) -> CachedPrompt {
    tokens.isEmpty
      ? CachedPrompt([adapterModel.adapter.tokens.start], model: configuration)
      : prefix(tokens)
  }

  /// The text `tokens` after `before` and a passage, from `position` on. Candidates of a passage
  /// with equal length share it.
  func suffix(_ tokens: [Int], after before: CachedPrompt, position: Int) -> CachedPrompt {
    let known = suffixes.firstIndex {
      $0.before === before && $0.text.firstPosition == position && $0.text.tokens == tokens
    }
    let text =
      known.map { suffixes.remove(at: $0).text }
      ?? CachedPrompt(
        tokens, firstPosition: position, after: before, model: configuration)
    suffixes = [(before, text)] + suffixes.prefix(1)
    return text
  }
}
