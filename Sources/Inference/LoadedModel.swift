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
  /// Prefixes used last, latest first: a second try at a passage computes nothing of its context.
  private var recent: [EncodedText] = []
  private static let kept = 3

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
    repetition = RepetitionGuard(exempt: tokenizer.freelyRepeatedIDs)
    lineBreaks = tokenizer.lineBreakIDs(vocabularySize: configuration.vocabularySize)
    summary = ModelSummary(path, configuration, kernels, format)
  }

  /// The prefix `tokens`, with as much of it encoded as a recent session has left.
  func prefix(_ tokens: [Int]) -> EncodedText {
    let model = hole.transformer.configuration
    if let index = recent.firstIndex(where: { $0.tokens == tokens }) {
      recent.insert(recent.remove(at: index), at: 0)
      return recent[0]
    }
    let common = recent.map { text in
      (text, zip(text.tokens, tokens).prefix { $0 == $1 }.count)
    }
    let text = EncodedText(tokens, model: model)
    if let (source, count) = common.max(by: { $0.1 < $1.1 }), count > 0 {
      text.adopt(source, count: count)
    }
    recent = [text] + recent.prefix(Self.kept - 1)
    return text
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
    _ format: LinearWeights.Format
  ) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    self.init(
      name: file, parameters: configuration.parameters,
      backend: "\(kernels.level.rawValue) \(format.rawValue), \(kernels.pool.threads) threads")
  }
}
