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
  /// Of a checkpoint with low-rank weights for drafts.
  let drafter: Drafter?
  /// Of a checkpoint with the marks of a conversation.
  let chat: ChatTemplate?
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
    let weights = try ModelWeights(checkpoint, adapter: nil, source, progress: progress)
    model = try SequenceModel(weights.transformer)
    let configuration = weights.transformer.configuration
    expand = model.traits.expandToken ?? tokenizer.id(of: "<|expand|>")
    delete = expand == nil ? nil : tokenizer.special.end ?? configuration.endTokens.first
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize,
      except: [delete, expand, model.traits.maskToken].compactMap(\.self))
    banned = classes.silent + [model.traits.maskToken]
    lineBreaks = classes.lineBreaks
    doubted = RecentTexts(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: classes.freelyRepeated)
    drafter = try Drafter.find(checkpoint, kernels: weights.kernels, format: weights.format)
    chat = try ChatTemplate(checkpoint, tokenizer: tokenizer)
    let abilities = ModelAbilities(configuration, hasAdapter: false)
    let isTuned = try Self.isTuned(checkpoint, path: path)
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format, abilities,
      followsInstructions: abilities.infills && chat != nil && isTuned)
  }

  var configuration: ModelConfiguration { model.transformer.configuration }

  /// Whether passages may come out longer or shorter than their canvas.
  var variesLength: Bool { expand != nil && delete != nil }

  /// Whether a checkpoint was tuned to follow instructions: it brings a template for conversations,
  /// and does not call itself a base.
  private static func isTuned(_ checkpoint: Checkpoint, path: String) throws -> Bool {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return try ChatTemplate.source(of: checkpoint) != nil && !name.lowercased().contains("base")
  }

  /// A predictor for the passage between `prefix` and `suffix`, and the order that its slots are to
  /// be filled in. Throws where the model cannot fill this passage, and says why.
  ///
  /// - Parameters:
  ///   - instruction: a conversation that the text is the answer to.
  ///   - guidance: scale towards the instruction, or towards all that is given where there is none.
  func predictor(
    prefix: [Int], suffix: [Int], slots: Int, banned: [Int], instruction: [Int] = [],
    guidance: Float = 0
  ) throws -> (SequencePredictor, Order) {
    var suffix = suffix
    // The mark of a text's beginning stays where the instruction is left out.
    let first = tokenizer.special.beginning
    let begins = instruction.first == first || (instruction.isEmpty && prefix.isEmpty)
    let lead = begins ? first.map { [$0] } ?? [] : []
    let instruction = Array(instruction.dropFirst(instruction.first == first ? lead.count : 0))
    let prefix = lead + instruction + prefix
    if variesLength, suffix.isEmpty, let last = delete { suffix = [last] }
    var options = SequenceOptions(banned: self.banned + banned)
    options.guidance = guidance
    if !instruction.isEmpty {
      options.instruction = lead.count..<lead.count + instruction.count
    }
    var order = Order.anywhere
    switch model.traits.attention {
    case .bidirectional: options.cache = guidance == 0 ? .dual(refresh: Self.refresh) : .none
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
