internal import Checkpoints
internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

/// A model in memory that fills passages, and its tokenizer: what sessions share. Confined to the
/// engine.
protocol InfillModel: AnyObject {
  var forwardModel: ForwardModel { get }
  var tokenizer: Tokenizer { get }
  var summary: ModelSummary { get }
  /// Of the checkpoint, for errors.
  var path: String { get }
  /// Ids with a meaning in a canvas of this model.
  var canvasTokens: CanvasTokens { get }
  /// Ids that are never written from the left.
  var unwritten: [Int] { get }
  /// Tokens that end a line; a passage within a line stays within it.
  var lineBreaks: [Int] { get }

  /// How a mode other than diffusion writes with these weights.
  func speculation(in mode: DecodingMode) -> Speculation

  /// Text before a passage that is written or scored: a start token if it is empty.
  func leftContext(_ tokens: [Int]) -> CachedPrompt

  /// Reads the pictures of requests; nil for a model that sees none.
  var pictureReader: PictureReader? { get }

  /// The ids of a conversation in which a person shows pictures and asks for the passage: the answer is
  /// the text. None without pictures and instruction. Throws for an instruction that the model does not
  /// follow.
  func conversation(
    _ instruction: String?, for original: String, beside pictures: SeenPictures
  ) throws -> [Int]

  /// A session for a request beside its pictures; runs no forward pass. Throws for what the model
  /// cannot do.
  func session(
    _ request: InfillRequest, beside pictures: SeenPictures
  ) throws -> any PassageSession

  /// Throws for a model that does not read from left to right.
  func checkReading() throws

  /// Throws for a model that cannot score a word between its neighbours.
  func doubtRun(_ request: DoubtRequest, beside pictures: SeenPictures) throws -> DoubtRun
}

extension InfillModel {
  var configuration: ModelConfiguration { forwardModel.configuration }

  func refusal(_ reason: String) -> InferenceError { .refused(path: path, reason: reason) }

  func checkReading() throws {}

  func leftContext(_ tokens: [Int]) -> CachedPrompt {
    CachedPrompt(started(tokens), model: configuration)
  }

  /// The tokens, or the start token if there are none.
  func started(_ tokens: [Int]) -> [Int] {
    tokens.isEmpty ? [tokenizer.special.beginning ?? configuration.beginToken ?? 0] : tokens
  }

  /// A session that writes the passage from left to right, after `instruction` and the text before.
  func writtenSession(
    _ setup: PassageSetup, _ settings: DecodingConfiguration, instruction: [Int] = [],
    beside pictures: SeenPictures = SeenPictures()
  ) throws -> any PassageSession {
    try EngineSession(setup) { [self] part in
      try withExtendedLifetime(pictures) {
        try AutoregressiveInfill(
          speculation(in: settings.mode), canvas: part.part.canvas,
          after: leftContext(instruction + part.prefix), forwardModel,
          banned: unwritten + setup.banned,
          sampling: SamplingOptions(temperature: settings.temperature, seed: settings.seed))
      }
    }
  }
}

extension ModelSource {
  /// Opens and packs the model to fill passages with: a diffusion model, a causal base with an
  /// adapter, or a causal model alone. `progress` is called with 0...1 and may throw to end it.
  func infillModel(
    progress: (Double) throws -> Void
  ) throws -> any InfillModel {
    let checkpoint = try Checkpoint.open(try ModelLibrary.path(of: model))
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    if configuration.diffusion != nil, adapter == nil {
      return try DiffusionInfillModel(checkpoint, self, progress: progress)
    }
    if try adapterPath(for: checkpoint) != nil {
      return try AdapterInfillModel(checkpoint, configuration, self, progress: progress)
    }
    return try CausalInfillModel(checkpoint, configuration, self, progress: progress)
  }
}

extension Tokenizer {
  /// Whether a token ends a line or has a mark at its end that ends a sentence.
  func endsSentence(_ token: Int) -> Bool {
    let bytes = bytes(of: token)
    return bytes.contains(UInt8(ascii: "\n")) || bytes.last.map(".!?".utf8.contains) ?? false
  }
}
