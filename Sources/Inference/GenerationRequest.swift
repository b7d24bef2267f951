public import Decoding
public import DecodingPolicies
public import Infilling

/// What is to be written, and how.
public struct GenerationRequest: Sendable {
  public var prompt: String
  /// Whether the prompt is a person's turn of a conversation, put in the model's own form.
  public var isChat: Bool
  /// Instructions before the conversation.
  public var system: String?
  /// Before the prompt, all of them read.
  public var pictures: PictureContext
  /// Steps count within one block.
  public var decoding: DecodingConfiguration
  /// The filters of `sampling`.
  private var filters: SamplingOptions
  public var maximumTokens: Int
  /// The answer ends before the first of these texts.
  public var stops: [String]
  /// Above 0 a draft of self-speculation is made by several passes.
  public var draftThreshold: Double
  /// Tokens of a draft of the quadratic mode.
  public var draftLength: Int
  /// Whether a drafter beside the checkpoint is used.
  public var usesDrafter: Bool
  /// Whether the parts of a block share its keys and values (Fast-dLLM v2).
  public var cachesBlock: Bool

  public init(
    prompt: String, decoding: DecodingConfiguration = .continuation, maximumTokens: Int = 128,
    sampling: SamplingOptions = .greedy, isChat: Bool = false, system: String? = nil,
    stops: [String] = [], draftThreshold: Double = 0,
    draftLength: Int = 8, usesDrafter: Bool = true, cachesBlock: Bool = false,
    pictures: PictureContext = PictureContext()
  ) {
    self.prompt = prompt
    self.isChat = isChat
    self.system = system
    self.decoding = decoding
    filters = sampling
    self.maximumTokens = maximumTokens
    self.stops = stops
    self.draftThreshold = draftThreshold
    self.draftLength = draftLength
    self.usesDrafter = usesDrafter
    self.cachesBlock = cachesBlock
    self.pictures = pictures
    self.pictures.mustBeRead = true
    self.sampling = sampling
  }

  /// How tokens are drawn: the temperature and the seed of `decoding`, with filters.
  public var sampling: SamplingOptions {
    get {
      var sampling = filters
      sampling.temperature = decoding.temperature
      sampling.seed = decoding.seed
      return sampling
    }
    set {
      filters = newValue
      decoding.temperature = newValue.temperature
      decoding.seed = newValue.seed
    }
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
