/// The share of masks left while a fixed number of steps goes by.
public enum Schedule: String, Sendable, CaseIterable {
  /// Equal shares a step.
  case linear
  /// A quarter cosine (MaskGIT): few tokens first, many at the end.
  case cosine

  /// Slots that step `step` (0-based) of `steps` unmasks of `left`: at least one, all of them
  /// in the last step. The share is taken of what is left, so a canvas that grew catches up. Halves
  /// round to even.
  public func count(left: Int, step: Int, of steps: Int) -> Int {
    precondition(left >= 0 && step >= 0 && steps > 0, "left \(left), step \(step) of \(steps)")
    guard left > 0 else { return 0 }
    guard step + 1 < steps else { return left }
    let share: Double =
      switch self {
      case .linear: Double(left) / Double(steps - step)
      case .cosine:
        Double(left) * (1 - maskedShare(step + 1, of: steps) / maskedShare(step, of: steps))
      }
    return min(left, max(1, Int(share.rounded(.toNearestOrEven))))
  }

  /// The share of the masks that is left before step `step` of `steps`: 1 at the first, 0 after
  /// the last.
  func maskedShare(_ step: Int, of steps: Int) -> Double {
    switch self {
    case .linear: Double(steps - step) / Double(steps)
    case .cosine: step == steps ? 0 : Schedule.cosine(.pi / 2 * Double(step) / Double(steps))
    }
  }

  /// cos(angle), by its series: the same on every machine.
  private static func cosine(_ angle: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for k in 1...12 {
      term *= -angle * angle / Double((2 * k - 1) * (2 * k))
      sum += term
    }
    return sum
  }
}
