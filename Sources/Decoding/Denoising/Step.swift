internal import DecodingPolicies

/// What one step did, of denoising or of any other way to make text.
public struct Step: Sendable, Equatable {
  /// What the model ran for.
  public enum Phase: String, Sendable, CaseIterable {
    /// To fill masks.
    case denoise
    /// To read the prompt or a finished block; the token it predicts next may be taken.
    case encode
    /// To guess tokens that a verification will look at.
    case draft
    /// To keep what the causal model would have written itself, and one token more.
    case verify
  }

  /// 1 for the first step.
  public var index: Int
  /// What the model made of every slot it was asked about, from the left: those that were open
  /// before the step, and with editing those that showed a token.
  public var predictions: [SlotPrediction]
  /// Slots filled, closed or expanded, as they were numbered before the step, increasing.
  public var committed: [Int]
  /// Those of `committed` that became two masks.
  public var expanded: [Int]
  /// Those of `committed` that left the canvas.
  public var removed: [Int]
  /// Slots whose token was replaced, and those that became masks again, as they were numbered
  /// before the step, increasing.
  public var edited: [Int]
  public var remasked: [Int]
  /// The canvas after the step.
  public var canvas: Canvas
  /// The slots of `canvas` that differ from before: filled, closed, replaced, reopened, and both
  /// halves of expanded ones.
  public var changed: [Int]
  /// Steps foreseen; nil where confidence decides.
  public var plannedSteps: Int?
  public var milliseconds: Double
  /// Forward passes of this step.
  public var forwardPasses: Int
  public var phase: Phase
  /// True when nothing is left to do.
  public var isLast: Bool

  /// - Parameter isLast: nil is true when no mask is left.
  public init(
    index: Int, predictions: [SlotPrediction], committed: [Int], expanded: [Int] = [],
    removed: [Int] = [], edited: [Int] = [], remasked: [Int] = [], canvas: Canvas, changed: [Int],
    plannedSteps: Int? = nil, milliseconds: Double = 0, forwardPasses: Int,
    phase: Phase = .denoise, isLast: Bool? = nil
  ) {
    self.index = index
    self.predictions = predictions
    self.committed = committed
    self.expanded = expanded
    self.removed = removed
    self.edited = edited
    self.remasked = remasked
    self.canvas = canvas
    self.changed = changed
    self.plannedSteps = plannedSteps
    self.milliseconds = milliseconds
    self.forwardPasses = forwardPasses
    self.phase = phase
    self.isLast = isLast ?? canvas.isFilled
  }
}
