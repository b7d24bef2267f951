internal import Checkpoints
internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tensors
internal import Tokenizers
internal import Transformers

/// A diffusion model that fills passages without an adapter, and its tokenizer, shared by sessions.
/// Confined to the engine.
final class DiffusionInfillModel: SearchingModel {
  let model: DiffusionModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  /// Ids without text.
  let banned: [Int]
  let lineBreaks: [Int]
  let repetition: RepetitionGuard
  let lengthTokens: LengthTokens?
  /// Of a checkpoint with low-rank weights for drafts.
  let drafter: Drafter?
  /// Of a checkpoint with the marks of a conversation.
  let chat: ChatTemplate?
  private(set) lazy var passageTokens = PassageTokens(
    tokenizer, vocabularySize: configuration.vocabularySize)
  var pace: SearchPace
  /// Of a checkpoint that sees pictures.
  let pictureReader: PictureReader?
  /// Texts whose words were doubted last.
  var doubted: PrefixCache
  let path: String

  /// Steps after which the KV cache of the text around a passage is refreshed.
  private static let refresh = 4

  init(
    _ checkpoint: Checkpoint, _ source: ModelSource, progress: (Double) throws -> Void
  ) throws {
    path = checkpoint.path
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    let weights = try ModelWeights(checkpoint, adapter: nil, source, progress: progress)
    model = try DiffusionModel(ForwardModel(weights.transformer))
    lengthTokens = LengthTokens(configuration, tokenizer)
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize,
      except: [lengthTokens?.delete, lengthTokens?.expand, model.traits.maskToken]
        .compactMap(\.self))
    banned = classes.silent + [model.traits.maskToken]
    lineBreaks = classes.lineBreaks
    pace = SearchPace(parameters: configuration.parameters)
    doubted = PrefixCache(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: classes.freelyRepeated)
    drafter = try Drafter.find(checkpoint, kernels: weights.kernels, format: weights.format)
    chat = try ChatTemplate(checkpoint, tokenizer: tokenizer)
    pictureReader = PictureReader(weights.transformer, tokenizer)
    let abilities = ModelAbilities(
      configuration, hasAdapter: false, lengthTokens: lengthTokens)
    let isTuned = try ChatTemplate.isTuned(checkpoint)
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format, abilities,
      followsInstructions: chat != nil && isTuned,
      seesPictures: pictureReader != nil)
  }

  var forwardModel: ForwardModel { model.model }

  var canvasTokens: CanvasTokens {
    CanvasTokens(
      mask: model.traits.maskToken, delete: lengthTokens?.delete, expand: lengthTokens?.expand)
  }

  var unwritten: [Int] { banned }

  func speculation(in mode: DecodingMode) -> Speculation {
    let mask = model.traits.maskToken
    switch mode {
    case .autoregressive: return .none
    case .quadratic: return .quadratic(mask: mask, draftLength: 8)
    case .diffusion, .search, .selfSpeculation:
      return .linear(
        .block(mask: mask, drafter: drafter), blockLength: model.traits.nativeBlock ?? 32)
    }
  }

  /// A predictor for the passage between `prefix` and `suffix`, and the policy to fill it: `policy`
  /// with the choices of the model. Throws for options that cannot be combined.
  ///
  /// - Parameter instruction: a conversation that the text is the answer to.
  func predictor(
    prefix: [Int], suffix: [Int], slots: Int, banned: [Int], instruction: [Int] = [],
    _ decoding: DecodingConfiguration, policy given: DenoisingPolicy
  ) throws -> (DiffusionPredictor, DenoisingPolicy) {
    var policy = given
    var suffix = suffix
    // The mark of a text's beginning stays where the instruction is left out.
    let first = tokenizer.special.beginning
    let begins = instruction.first == first || (instruction.isEmpty && prefix.isEmpty)
    let lead = begins ? first.map { [$0] } ?? [] : []
    let instruction = Array(instruction.dropFirst(instruction.first == first ? lead.count : 0))
    let prefix = lead + instruction + prefix
    if suffix.isEmpty, let last = lengthTokens?.delete { suffix = [last] }
    var options = DiffusionOptions(banned: self.banned + banned)
    options.guidance = Float(decoding.guidance)
    if !instruction.isEmpty {
      options.instruction = lead.count..<lead.count + instruction.count
    }
    if model.traits.attention == .bidirectional, decoding.guidance == 0 {
      options.cache = .dual(refresh: Self.refresh)
    }
    let ends = lengthTokens.map { [$0.delete] } ?? []
    let predictor = try model.predictor(
      prefix: prefix, suffix: suffix, slots: slots, lengthTokens: lengthTokens, ends: ends, options,
      &policy, decoding, path: path)
    if let read = pictureReader?.prompts.beginning(of: prefix) { predictor.adopt(read) }
    return (predictor, policy)
  }
}
