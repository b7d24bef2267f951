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
  /// What the model made of every slot that was open before the step, from the left.
  public var predictions: [SlotPrediction]
  /// Slots filled, closed or expanded, as they were numbered before the step, increasing.
  public var committed: [Int]
  /// Those of `committed` that became two masks.
  public var expanded: [Int]
  /// The canvas after the step.
  public var canvas: Canvas
  /// The slots of `canvas` that differ from before: filled, closed, and both halves of expanded ones.
  public var changed: [Int]
  /// Steps foreseen; nil where confidence decides.
  public var plannedSteps: Int?
  public var milliseconds: Double
  /// Forward passes of this step.
  public var forwardPasses: Int
  public var phase: Phase

  public init(
    index: Int, predictions: [SlotPrediction], committed: [Int], expanded: [Int] = [],
    canvas: Canvas, changed: [Int], plannedSteps: Int? = nil, milliseconds: Double = 0,
    forwardPasses: Int, phase: Phase = .denoise
  ) {
    self.index = index
    self.predictions = predictions
    self.committed = committed
    self.expanded = expanded
    self.canvas = canvas
    self.changed = changed
    self.plannedSteps = plannedSteps
    self.milliseconds = milliseconds
    self.forwardPasses = forwardPasses
    self.phase = phase
  }

  /// True when no mask is left.
  public var isLast: Bool { canvas.openSlots.isEmpty }
}
