/// How text is decoded: what the command line, `config.toml` and the editor choose, and the engine
/// reads. nil leaves a choice to the model.
///
/// Options that do not go together, or not with a model, are refused by the engine.
public struct DecodingConfiguration: Sendable, Equatable {
  /// When the token that ends a text may be chosen while other slots are masked: models are often
  /// too confident of it too early.
  public enum EndOfText: Sendable, Equatable {
    /// A token like any other.
    case free
    /// Its logit is reduced by this much (Dream-Coder).
    case penalty(Float)
    /// Chosen only if no other token can be (LLaDA's `confidence_eos_eot_inf`).
    case last
    /// Never chosen (LLaDA's `logits_eos_inf`).
    case never
  }

  public var mode: DecodingMode
  /// Which masks a step fills. A search reads the level of quality, the steps or the time from it.
  public var unmasking: UnmaskingPolicy
  /// What ranks slots; nil is the probability of the token.
  public var confidence: Confidence?
  public var cache: CachePolicy?
  /// Replacement of committed tokens; nil keeps what is shown.
  public var editing: TokenEditing?
  public var endOfText: EndOfText
  /// Slots of a block, filled before those after it, for models of full attention; tokens of a
  /// block or of a verification for models of blocks.
  public var blockLength: Int?
  /// Scale of classifier-free guidance towards the instruction or prompt, or towards the context
  /// where there is neither; 0 is off and costs nothing, above it each step costs a second pass.
  public var guidance: Double
  /// 0 takes the most probable token; above, tokens are drawn with noise scaled by it. A search
  /// draws at any temperature.
  public var temperature: Double
  /// The same seed gives the same text.
  public var seed: UInt64
  /// Slots of a passage at the start; nil derives it from the passage with room to grow.
  public var slots: Int?
  /// Whether DELETE and EXPAND may change the number of slots of a passage.
  public var lengthMayChange: Bool

  /// The defaults are what the editor's one key does.
  public init(
    unmasking: UnmaskingPolicy = .quality(3), temperature: Double = 0, seed: UInt64 = 0,
    slots: Int? = nil, lengthMayChange: Bool = true, mode: DecodingMode = .diffusion,
    guidance: Double = 0, confidence: Confidence? = nil, cache: CachePolicy? = nil,
    editing: TokenEditing? = nil, endOfText: EndOfText = .free, blockLength: Int? = nil
  ) {
    self.mode = mode
    self.unmasking = unmasking
    self.confidence = confidence
    self.cache = cache
    self.editing = editing
    self.endOfText = endOfText
    self.blockLength = blockLength
    self.guidance = guidance
    self.temperature = temperature
    self.seed = seed
    self.slots = slots
    self.lengthMayChange = lengthMayChange
  }

  /// What continues a prompt unless something else is asked for: token by token, or blocks of
  /// masks by a threshold.
  public static let continuation = DecodingConfiguration(
    unmasking: .threshold(0.9, always: .best), mode: .autoregressive)

  /// Whether it says nothing of masks beyond what `plain` says: no option for how they are filled,
  /// caches, blocks or the end of text.
  public func fillsMasks(as plain: DecodingConfiguration) -> Bool {
    unmasking == plain.unmasking && confidence == plain.confidence && cache == plain.cache
      && editing == plain.editing && endOfText == plain.endOfText
      && blockLength == plain.blockLength
  }

  /// Whether a passage is filled by search where the model's diffusion mode is one: in that mode or
  /// in `search`, unless an option says how masks are filled.
  public var allowsSearch: Bool { (mode == .diffusion || mode == .search) && !choosesMasks }

  /// Whether an option says how masks are filled, other than steps, a threshold or a time.
  public var choosesMasks: Bool {
    var plain = DecodingConfiguration()
    if unmasking.isEffort { plain.unmasking = unmasking }
    return !fillsMasks(as: plain)
  }
}
