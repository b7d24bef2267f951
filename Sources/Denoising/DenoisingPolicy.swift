/// How a canvas is denoised. Every part is a value and combines with every other.
public struct DenoisingPolicy: Sendable, Equatable {
  public var reveal: RevealPolicy
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
  /// Ranks slots far from what is settled lower: the score counts times lookahead^n for n masks to
  /// the left of the slot. 1 ranks by confidence alone. Thresholds are not touched.
  public var lookahead: Float
  /// Runners-up recorded per slot, the best included.
  public var candidates: Int

  public init(
    reveal: RevealPolicy = .steps(20, .linear), confidence: Confidence = .probability,
    choice: TokenChoice = .greedy, lengthMayChange: Bool = true,
    repetition: RepetitionGuard? = nil, minimumLength: Int = 0, closesFromLeft: Bool = false,
    lookahead: Float = 1,
    candidates: Int = 8
  ) {
    self.reveal = reveal
    self.confidence = confidence
    self.choice = choice
    self.lengthMayChange = lengthMayChange
    self.repetition = repetition
    self.minimumLength = minimumLength
    self.closesFromLeft = closesFromLeft
    self.lookahead = lookahead
    self.candidates = candidates
  }

  var seed: UInt64 {
    if case .sampled(_, let seed) = choice { seed } else { 0 }
  }
}
