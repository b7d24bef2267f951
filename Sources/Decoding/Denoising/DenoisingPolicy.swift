// Whoever makes a policy names its parts.
public import DecodingPolicies

/// How a canvas is denoised. Every part is a value and combines with every other.
public struct DenoisingPolicy: Sendable, Equatable {
  public var unmasking: UnmaskingPolicy
  public var confidence: Confidence
  public var choice: TokenChoice
  /// Whether DELETE and EXPAND are allowed. EXPAND never is in the last of a fixed number of steps,
  /// nor once the canvas has twice its first length.
  public var lengthMayChange: Bool
  /// nil takes the model at its word.
  public var repetition: RepetitionGuard?
  /// DELETE is refused where it would leave fewer slots than this: a guard against a model that
  /// closes a passage before it is written.
  public var minimumLength: Int
  /// Whether DELETE is taken only for slots with no other mask to their left, the last step
  /// apart: how much room a passage needs is known once it is written, not before.
  public var closesFromLeft: Bool
  /// Ranks slots far from what is committed lower: the score counts times lookahead^n for n masks
  /// to the left of the slot. 1 ranks by confidence alone. Thresholds are not touched.
  public var lookahead: Float
  /// Runners-up recorded per slot, the best included, at most `TokenCandidates.limit`.
  public var candidates: Int
  /// Which part of the canvas is filled at a time.
  public var order: BlockOrder
  /// nil keeps what is shown.
  public var editing: TokenEditing?
  /// nil lets a canvas grow to twice its first length.
  public var lengthLimits: LengthLimits?
  /// Tokens taken only where no other token is left to take: an end of text that a model is sure of
  /// too early (LLaDA's `confidence_eos_eot_inf`).
  public var deferred: Set<Int>
  /// A token that ends a text: once it is in a finished block, nothing after the block is
  /// filled.
  public var stops: Set<Int>
  /// A token that fills every mask after its first place (DreamOn's
  /// `pad_eos_to_right`).
  public var padding: Int?
  /// Steps a block takes at least, filled or not: published loops run passes that fill nothing.
  public var leastSteps: Int
  /// Whether the first step of a block fills its first slot alone, as Fast-dLLM does for models of
  /// shifted logits: later passes leave out the token before the block, which predicts that slot.
  public var beginsWithFirstSlot: Bool

  public init(
    unmasking: UnmaskingPolicy = .steps(20, .linear), confidence: Confidence = .probability,
    choice: TokenChoice = .greedy, lengthMayChange: Bool = true,
    repetition: RepetitionGuard? = nil, minimumLength: Int = 0, closesFromLeft: Bool = false,
    lookahead: Float = 1,
    candidates: Int = 8, order: BlockOrder = .anywhere, editing: TokenEditing? = nil,
    lengthLimits: LengthLimits? = nil, deferred: Set<Int> = [], stops: Set<Int> = [],
    padding: Int? = nil,
    leastSteps: Int = 1, beginsWithFirstSlot: Bool = false
  ) {
    self.unmasking = unmasking
    self.confidence = confidence
    self.choice = choice
    self.lengthMayChange = lengthMayChange
    self.repetition = repetition
    self.minimumLength = minimumLength
    self.closesFromLeft = closesFromLeft
    self.lookahead = lookahead
    self.candidates = candidates
    self.order = order
    self.editing = editing
    self.lengthLimits = lengthLimits
    self.deferred = deferred
    self.stops = stops
    self.padding = padding
    self.leastSteps = leastSteps
    self.beginsWithFirstSlot = beginsWithFirstSlot
  }

  /// Why the parts cannot be combined; nil if they can.
  public var refusal: String? {
    if unmasking.hasThreshold && ![.probability, .margin].contains(confidence) {
      return """
        a threshold needs a confidence between 0 and 1, probability or margin; \
        \(confidence.rawValue) only ranks slots
        """
    }
    if unmasking.isRandom && confidence != .probability {
      return "slots are unmasked at random, so a confidence has no effect"
    }
    if unmasking.remasks && editing != nil {
      return "remasking and editing of committed tokens cannot be combined"
    }
    return nil
  }

  var seed: UInt64 {
    if case .sampled(_, let seed) = choice { seed } else { 0 }
  }
}
