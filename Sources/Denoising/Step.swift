/// What one denoising step did.
public struct Step: Sendable, Equatable {
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

  /// True when no mask is left.
  public var isLast: Bool { canvas.openSlots.isEmpty }
}
