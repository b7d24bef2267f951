public import Denoising
internal import Infilling
public import Transformers

/// How a diffusion model fills masks, in addition to the settings of a request. nil leaves a choice
/// to the model.
public struct DecodingOptions: Sendable, Equatable {
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

  /// Which masks a step fills.
  public var reveal: RevealPolicy?
  public var confidence: Confidence?
  public var cache: CachePolicy?
  /// Replacement of committed tokens.
  public var editing: Editing?
  public var endOfText: EndOfText
  /// Slots of a block, filled before those after it, for models of full attention; tokens of a
  /// block or of a verification for models of blocks.
  public var blockLength: Int?

  public init(
    reveal: RevealPolicy? = nil, confidence: Confidence? = nil, cache: CachePolicy? = nil,
    editing: Editing? = nil, endOfText: EndOfText = .free, blockLength: Int? = nil
  ) {
    self.reveal = reveal
    self.confidence = confidence
    self.cache = cache
    self.editing = editing
    self.endOfText = endOfText
    self.blockLength = blockLength
  }
}

extension DecodingOptions {
  /// Why these options do not apply to a mode; nil if they do.
  func refusal(of mode: InfillSettings.Mode) -> String? {
    if mode == .diffusion || self == DecodingOptions() { return nil }
    return """
      options for masks, caches and the end of text are for diffusion; this mode writes from left to \
      right
      """
  }

  /// Sets in a policy the options that are not nil.
  func apply(to policy: inout DenoisingPolicy) {
    if let reveal { policy.reveal = reveal }
    if let confidence { policy.confidence = confidence }
    policy.editing = editing
    // Distance matters only to ranks by the model's confidence.
    if policy.reveal.isRandom || confidence == .random || confidence == .position {
      policy.lookahead = 1
    }
  }

  /// Sets the treatment of the end of text in a policy and a predictor's options. `ends` are the
  /// tokens that end a text.
  func apply(
    ends: some Collection<Int>, to policy: inout DenoisingPolicy, _ options: inout SequenceOptions
  ) {
    switch endOfText {
    case .free: break
    case .penalty(let amount): for end in ends { options.penalties[end] = amount }
    case .last: policy.deferred.formUnion(ends)
    case .never: options.banned += ends
    }
  }
}
