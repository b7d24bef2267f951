internal import Checkpoints
internal import Denoising
internal import Infilling
internal import Tensors
internal import Tokenizers
internal import Transformers

/// A diffusion model that fills passages by itself, without an adapter, and its tokenizer: what
/// sessions share. Confined to the engine.
final class LoadedSequenceModel {
  let model: SequenceModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  /// Ids that stand for no text.
  let banned: [Int]
  let lineBreaks: [Int]
  let repetition: RepetitionGuard
  /// The tokens for "two slots are needed here" and "this slot is surplus": DreamOn deletes by the
  /// end of the text, and has the other beside it.
  let expand: Int?
  let delete: Int?
  /// Texts whose words were doubted last.
  var doubted: RecentTexts
  private let path: String

  /// Steps after which keys and values around a passage are computed anew.
  private static let refresh = 4

  init(
    _ checkpoint: Checkpoint, path: String, _ source: ModelSource,
    progress: (Double) throws -> Void
  ) throws {
    self.path = path
    tokenizer = try Tokenizer(checkpoint)
    let kernels = try Kernels(level: source.kernels, threads: source.threads)
    // OpenBLAS multiplies fp32 alone.
    let format: LinearWeights.Format = kernels.level == .openblas ? .f32 : .int8
    let transformer = try Transformer(
      checkpoint, kernels: kernels, format: format, progress: progress)
    model = try SequenceModel(transformer)
    let configuration = transformer.configuration
    expand = model.traits.expandToken ?? tokenizer.id(of: "<|expand|>")
    delete = expand == nil ? nil : tokenizer.special.end ?? configuration.endTokens.first
    banned =
      tokenizer.silentIDs(
        vocabularySize: configuration.vocabularySize,
        except: [delete, expand, model.traits.maskToken].compactMap(\.self))
      + [model.traits.maskToken]
    lineBreaks = tokenizer.lineBreakIDs(vocabularySize: configuration.vocabularySize)
    doubted = RecentTexts(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: tokenizer.freelyRepeatedIDs)
    summary = ModelSummary(path, configuration, kernels, format)
  }

  var configuration: ModelConfiguration { model.transformer.configuration }

  /// Whether passages may come out longer or shorter than their canvas.
  var variesLength: Bool { expand != nil && delete != nil }

  /// A predictor for the passage between `prefix` and `suffix`, and the order that its slots are to
  /// be filled in. Throws where the model cannot fill this passage, and says why.
  func predictor(prefix: [Int], suffix: [Int], slots: Int, banned: [Int]) throws -> (
    SequencePredictor, Order
  ) {
    var prefix = prefix
    var suffix = suffix
    if prefix.isEmpty, let first = tokenizer.special.beginning { prefix = [first] }
    if variesLength, suffix.isEmpty, let last = delete { suffix = [last] }
    var options = SequenceOptions(banned: self.banned + banned)
    var order = Order.anywhere
    switch model.traits.attention {
    case .bidirectional: options.cache = .dual(refresh: Self.refresh)
    case .blockCausal(let size):
      options.cache = .prefix
      order = .blocks(size, before: prefix.count % size)
    case .causalContext(let size):
      options.cache = .prefix
      if slots > size { order = .blocks(size) }
    }
    do {
      let predictor = try SequencePredictor(
        model, prefix: prefix, suffix: suffix, delete: delete, expand: expand, options: options,
        beforeLayer: { _ in try Task.checkCancellation() })
      return (predictor, order)
    } catch let error as SequenceError {
      throw refusal(error.description)
    }
  }

  func refusal(_ reason: String) -> InferenceError { .refused(path: path, reason: reason) }
}
