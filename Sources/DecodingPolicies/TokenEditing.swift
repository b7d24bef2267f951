/// Second thoughts: shown tokens that are not pinned are looked at again at every step, and replaced
/// where the model is surer of another token than `threshold` (token-to-token editing of LLaDA2.1).
public struct TokenEditing: Sendable, Equatable {
  public var threshold: Double
  /// Steps that a block may take once no mask is left; the first one that changes nothing ends it.
  public var extraSteps: Int

  public init(threshold: Double, extraSteps: Int = 16) {
    self.threshold = threshold
    self.extraSteps = extraSteps
  }
}
