public import Denoising

/// What is to be written, and how.
public struct GenerationRequest: Sendable {
  public var prompt: String
  /// Whether the prompt is a person's turn of a conversation, put in the model's own form.
  public var isChat: Bool
  /// Instructions before the conversation.
  public var system: String?
  public var mode: GenerationMode
  public var maximumTokens: Int
  public var sampling: SamplingOptions
  /// The answer ends before the first of these texts.
  public var stops: [String]
  /// How diffusion fills masks; steps count within one block. Other modes take the block's length.
  public var decoding: DecodingOptions
  /// Scale of classifier-free guidance towards the prompt; 0 is off, above it each step of
  /// diffusion costs a second pass.
  public var guidance: Double
  /// Above 0 a draft of self-speculation is made by several passes.
  public var draftThreshold: Double
  /// Tokens of a draft of the quadratic mode.
  public var draftLength: Int
  /// Whether a drafter beside the checkpoint is used.
  public var usesDrafter: Bool
  /// Whether the parts of a block share its keys and values (Fast-dLLM v2).
  public var cachesBlock: Bool

  public init(
    prompt: String, mode: GenerationMode = .autoregressive, maximumTokens: Int = 128,
    sampling: SamplingOptions = .greedy, isChat: Bool = false, system: String? = nil,
    stops: [String] = [], decoding: DecodingOptions = DecodingOptions(), guidance: Double = 0,
    draftThreshold: Double = 0,
    draftLength: Int = 8, usesDrafter: Bool = true, cachesBlock: Bool = false
  ) {
    self.prompt = prompt
    self.isChat = isChat
    self.system = system
    self.mode = mode
    self.maximumTokens = maximumTokens
    self.sampling = sampling
    self.stops = stops
    self.decoding = decoding
    self.guidance = guidance
    self.draftThreshold = draftThreshold
    self.draftLength = draftLength
    self.usesDrafter = usesDrafter
    self.cachesBlock = cachesBlock
  }
}

extension GenerationRequest {
  /// Why the parts cannot be combined, with any model; nil if they can.
  var refusal: String? {
    if sampling.looksBack && [.diffusion, .quadratic].contains(mode) {
      return "a repetition penalty needs text in order; it applies to ar and self-spec only"
    }
    if mode == .diffusion {
      return DenoisingPolicy(
        reveal: decoding.reveal ?? .threshold(0.9, always: .best),
        confidence: decoding.confidence ?? .probability, editing: decoding.editing
      ).refusal
    }
    var other = decoding
    other.blockLength = nil
    if other != DecodingOptions() || guidance != 0 {
      return """
        options for masks, caches and the end of text are for diffusion; \(mode.rawValue) writes the \
        text of the causal model
        """
    }
    return nil
  }
}

/// What was written, and what it took.
public struct GenerationReport: Sendable, Equatable {
  public enum End: String, Sendable {
    /// The model ended the text.
    case stopToken = "stop-token"
    /// One of the request's stops came.
    case stopText = "stop-text"
    /// As many tokens as were asked for.
    case length
  }

  /// Without the token or text that ended it.
  public var text: String
  public var promptTokens: Int
  /// Ids written, the one that ended the text included.
  public var tokens: [Int]
  public var end: End
  /// Passes over the prompt included.
  public var forwardPasses: Int
  /// Tokens kept by each verification; empty for modes without.
  public var acceptanceLengths: [Int]
  /// Of the first step, which reads the prompt.
  public var promptMilliseconds: Double
  /// Of all steps.
  public var milliseconds: Double

  public var tokensPerForward: Double {
    forwardPasses == 0 ? 0 : Double(tokens.count) / Double(forwardPasses)
  }

  /// Tokens written a second, reading the prompt left out.
  public var tokensPerSecond: Double {
    let rest = milliseconds - promptMilliseconds
    return rest > 0 ? Double(max(0, tokens.count - 1)) / rest * 1000 : 0
  }
}
