public import Decoding
public import Denoising
internal import Infilling

/// How a diffusion model fills masks, beyond what a request for a passage or a text says. What is
/// nil is the model's own way.
public struct DecodingOptions: Sendable, Equatable {
  /// What becomes of the token that ends a text while other masks are open: models are often sure of
  /// it too early.
  public enum EndOfText: Sendable, Equatable {
    /// A token like any other.
    case free
    /// This much is taken off its logit (Dream-Coder).
    case penalty(Float)
    /// Taken only where nothing else is left to take (LLaDA's `confidence_eos_eot_inf`).
    case last
    /// Never taken (LLaDA's `logits_eos_inf`).
    case never
  }

  /// Which masks a step fills.
  public var unmasking: UnmaskingPolicy?
  public var confidence: Confidence?
  public var cache: CachePolicy?
  /// Second thoughts about words that are shown.
  public var editing: TokenEditing?
  public var endOfText: EndOfText
  /// Slots filled before those behind them are, for models that see everything at once; tokens of a
  /// block, or of a verification, for models of blocks.
  public var blockLength: Int?

  public init(
    unmasking: UnmaskingPolicy? = nil, confidence: Confidence? = nil, cache: CachePolicy? = nil,
    editing: TokenEditing? = nil, endOfText: EndOfText = .free, blockLength: Int? = nil
  ) {
    self.unmasking = unmasking
    self.confidence = confidence
    self.cache = cache
    self.editing = editing
    self.endOfText = endOfText
    self.blockLength = blockLength
  }
}

extension DecodingOptions {
  /// Why these options make no sense for a way to fill a passage; nil where they do.
  func refusal(of mode: InfillSettings.Mode) -> String? {
    if mode == .diffusion || self == DecodingOptions() { return nil }
    return """
      how masks are filled, what of them is cached and how the end is treated are questions of \
      diffusion; this mode writes from left to right
      """
  }

  /// Puts what is set into a policy.
  func apply(to policy: inout DenoisingPolicy) {
    if let unmasking { policy.unmasking = unmasking }
    if let confidence { policy.confidence = confidence }
    policy.editing = editing
    // A distance counts for ranks by how sure the model is, and for them alone.
    if policy.unmasking.isRandom || confidence == .random || confidence == .position {
      policy.lookahead = 1
    }
  }

  /// Puts what is said of the end of a text into a policy and a predictor's options. `ends` are the
  /// tokens that end one.
  func apply(
    ends: some Collection<Int>, to policy: inout DenoisingPolicy, _ options: inout DiffusionOptions
  ) {
    switch endOfText {
    case .free: break
    case .penalty(let amount): for end in ends { options.penalties[end] = amount }
    case .last: policy.deferred.formUnion(ends)
    case .never: options.banned += ends
    }
  }
}
