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
  private var prefixes: RecentTexts
  /// Texts whose words were doubted last.
  var doubted: RecentTexts

  /// Opens, checks and packs the model. `progress` is called with 0...1 and may throw to end it.
  init(_ source: ModelSource, progress: (Double) throws -> Void) throws {
    let path = try ModelLibrary.path(of: source.model)
    let checkpoint = try Checkpoint.open(path)
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    guard let adapterPath = try source.adapterPath(for: checkpoint) else {
      throw InferenceError.cannotInfill(path: path, family: configuration.family)
    }
    tokenizer = try Tokenizer(checkpoint)
    let kernels = try Kernels(level: source.kernels, threads: source.threads)
    // OpenBLAS multiplies fp32 alone.
    let format: LinearWeights.Format = kernels.level == .openblas ? .f32 : .int8
    let transformer = try Transformer(
      checkpoint, kernels: kernels, format: format, progress: progress)
    let adapter = try Adapter(
      path: adapterPath, model: configuration, kernels: kernels, format: format,
      // fp32 is the reference, and large.
      merging: format == .int8 ? checkpoint : nil)
    try ModelSource.checkBase(checkpoint, adapter: adapterPath, expected: adapter.baseDigest)
    hole = HoleModel(transformer: transformer, adapter: adapter)
    // MASK, DELETE and EXPAND are the predictor's business.
    let tokens = adapter.tokens
    options = HoleOptions(
      banned: tokenizer.silentIDs(
        vocabularySize: configuration.vocabularySize,
        except: [tokens.mask, tokens.delete, tokens.expand]))
    prefixes = RecentTexts(configuration, kept: 3)
    doubted = RecentTexts(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: tokenizer.freelyRepeatedIDs)
    lineBreaks = tokenizer.lineBreakIDs(vocabularySize: configuration.vocabularySize)
    wordBeginnings = tokenizer.wordBeginnings(vocabularySize: configuration.vocabularySize)
    summary = ModelSummary(path, configuration, kernels, format)
  }

  /// The prefix `tokens`, with as much of it encoded as a recent session has left.
  func prefix(_ tokens: [Int]) -> EncodedText { prefixes.text(tokens) }

  var slotLimit: Int { PassageText.slotLimit(hole.transformer.configuration) }

  /// Windows of context for a canvas of `slots` slots.
  func window(slots: Int) -> PassageText.Window {
    PassageText.Window(hole.transformer.configuration, slots: slots)
  }
}

extension ModelSummary {
  init(
    _ path: String, _ configuration: ModelConfiguration, _ kernels: Kernels,
    _ format: LinearWeights.Format
  ) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    self.init(
      name: file, parameters: configuration.parameters,
      backend: "\(kernels.level.rawValue) \(format.rawValue), \(kernels.pool.threads) threads")
  }
}
