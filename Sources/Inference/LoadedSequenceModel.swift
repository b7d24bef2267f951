internal import Checkpoints
internal import Denoising
internal import Infilling
internal import Tensors
internal import Tokenizers
internal import Transformers

/// A diffusion model that fills passages without an adapter, and its tokenizer, shared by sessions.
/// Confined to the engine.
final class LoadedSequenceModel {
  let model: SequenceModel
  let tokenizer: Tokenizer
  let summary: ModelSummary
  /// Ids without text.
  let banned: [Int]
  let lineBreaks: [Int]
  let repetition: RepetitionGuard
  let lengthTokens: LengthTokens?
  let decoding: DecodingOptions
  /// Of a checkpoint with low-rank weights for drafts.
  let drafter: Drafter?
  /// Of a checkpoint with the marks of a conversation.
  let chat: ChatTemplate?
  /// Texts whose words were doubted last.
  var doubted: RecentTexts
  private let path: String

  /// Steps after which the KV cache of the text around a passage is refreshed.
  private static let refresh = 4

  init(
    _ checkpoint: Checkpoint, _ source: ModelSource, decoding: DecodingOptions,
    progress: (Double) throws -> Void
  ) throws {
    path = checkpoint.path
    self.decoding = decoding
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    let weights = try ModelWeights(checkpoint, adapter: nil, source, progress: progress)
    model = try SequenceModel(weights.transformer)
    lengthTokens = LengthTokens(configuration, tokenizer)
    let classes = TokenClasses(
      tokenizer, vocabularySize: configuration.vocabularySize,
      except: [lengthTokens?.delete, lengthTokens?.expand, model.traits.maskToken]
        .compactMap(\.self))
    banned = classes.silent + [model.traits.maskToken]
    lineBreaks = classes.lineBreaks
    doubted = RecentTexts(configuration, kept: 2)
    repetition = RepetitionGuard(exempt: classes.freelyRepeated)
    drafter = try Drafter.find(checkpoint, kernels: weights.kernels, format: weights.format)
    chat = try ChatTemplate(checkpoint, tokenizer: tokenizer)
    let abilities = ModelAbilities(
      configuration, hasAdapter: false, lengthTokens: lengthTokens)
    let isTuned = try Self.isTuned(checkpoint)
    summary = ModelSummary(
      path, configuration, weights.kernels, weights.format, abilities,
      followsInstructions: abilities.infills && chat != nil && isTuned)
  }

  var configuration: ModelConfiguration { model.transformer.configuration }

  /// Whether a checkpoint was tuned to follow instructions: it has a chat template, and its name
  /// does not contain `base`.
  static func isTuned(_ checkpoint: Checkpoint) throws -> Bool {
    let name = checkpoint.path.split(separator: "/").last.map(String.init) ?? checkpoint.path
    return try ChatTemplate.source(of: checkpoint) != nil && !name.lowercased().contains("base")
  }

  /// Text before a passage that is written or scored: a start token if it is empty.
  func leftContext(_ tokens: [Int]) -> EncodedText {
    let start = tokenizer.special.beginning ?? configuration.beginToken ?? 0
    return EncodedText(tokens.isEmpty ? [start] : tokens, model: configuration)
  }

  /// A predictor for the passage between `prefix` and `suffix`, and the policy to fill it: `policy`
  /// with the choices of the model and the engine's options. Throws if these cannot be combined.
  ///
  /// - Parameters:
  ///   - instruction: a conversation that the text is the answer to.
  ///   - guidance: scale towards the instruction, or towards the whole context without one.
  func predictor(
    prefix: [Int], suffix: [Int], slots: Int, banned: [Int], instruction: [Int] = [],
    guidance: Float = 0, policy given: DenoisingPolicy
  ) throws -> (SequencePredictor, DenoisingPolicy) {
    var policy = given
    var suffix = suffix
    // The mark of a text's beginning stays where the instruction is left out.
    let first = tokenizer.special.beginning
    let begins = instruction.first == first || (instruction.isEmpty && prefix.isEmpty)
    let lead = begins ? first.map { [$0] } ?? [] : []
    let instruction = Array(instruction.dropFirst(instruction.first == first ? lead.count : 0))
    let prefix = lead + instruction + prefix
    if suffix.isEmpty, let last = lengthTokens?.delete { suffix = [last] }
    var options = SequenceOptions(banned: self.banned + banned)
    options.guidance = guidance
    if !instruction.isEmpty {
      options.instruction = lead.count..<lead.count + instruction.count
    }
    switch model.traits.attention {
    case .bidirectional:
      options.cache = guidance == 0 ? .dual(refresh: Self.refresh) : .none
      if let length = decoding.blockLength { policy.order = .blocks(length) }
    case .blockCausal(let size):
      options.cache = .prefix
      options.blockLength = decoding.blockLength
      let size = decoding.blockLength ?? size
      policy.order = .blocks(size, before: prefix.count % size)
    case .causalContext(let size):
      options.cache = .prefix
      options.blockLength = decoding.blockLength
      let size = decoding.blockLength ?? size
      if slots > size { policy.order = .blocks(size) }
    }
    if let cache = decoding.cache { options.cache = cache }
    decoding.apply(to: &policy)
    if decoding.endOfText != .free {
      guard let end = lengthTokens?.delete else {
        throw refusal("this model never writes the end of text in a passage")
      }
      decoding.apply(ends: [end], to: &policy, &options)
    }
    if let reason = policy.refusal { throw refusal(reason) }
    do {
      let predictor = try SequencePredictor(
        model, prefix: prefix, suffix: suffix, delete: lengthTokens?.delete,
        expand: lengthTokens?.expand, options: options,
        beforeLayer: { _ in try Task.checkCancellation() })
      return (predictor, policy)
    } catch let error as SequenceError {
      throw refusal(error.description)
    }
  }

  func refusal(_ reason: String) -> InferenceError { .refused(path: path, reason: reason) }
}
