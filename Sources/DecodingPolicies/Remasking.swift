/// Probabilities of a reverse step that may take shown tokens back (ReMDM, Wang et al. 2025), for a
/// process where the share of tokens shown at time t is α(t) = 1 − t.
public enum Remasking: Sendable, Equatable {
  /// Shown tokens stay: the plain ancestral step of MDLM.
  case never
  /// As many are taken back as makes the step that of the forward-backward corrector.
  case forwardBackward
  /// With this probability, or less where that would leave too few.
  case capped(Double)
  /// With this share of the largest probability that is possible.
  case rescaled(Double)
  /// Those least, in all one token a step, that the model was surest of when it chose them.
  case byConfidence
  /// Plain steps until time `from`, with shown tokens up to the share `shown`; then tokens are taken
  /// back with this probability and others shown, their number staying the same; plain steps again
  /// from time `until` on.
  case loop(Double, from: Double = 0.55, until: Double = 0.05, shown: Double = 0.9)

  /// What happens to a slot in a step.
  public struct Chances: Sendable, Equatable {
    /// Probability that a mask is filled.
    public var unmask: Double
    /// Probability that a shown token becomes a mask, for each of the confidences asked about.
    public var remask: [Double]
  }

  /// Chances of the step from `time` to `time − duration`, for shown tokens that had the given
  /// probabilities when they were chosen. At time 1, where nothing is shown, none is taken back.
  public func chances(time: Double, duration: Double, confidences: [Float]) -> Chances {
    let (before, after) = shown(time, duration)
    let room = before > 0 ? min(1, (1 - after) / before) : 1
    let share: Double
    switch self {
    case .never: share = 0
    case .forwardBackward: share = before > 0 ? (after - before) / before : 0
    case .capped(let limit): share = before > 0 ? min(limit, (1 - after) / before) : limit
    case .rescaled(let factor): share = factor * room
    case .byConfidence:
      // Masks are filled as in a plain step: what is taken back is not made up for at once.
      let weights = confidences.map { decayingExponential(Double($0)) }
      let total = weights.reduce(0, +)
      return Chances(
        unmask: (after - before) / (1 - before), remask: weights.map { $0 / total * room })
    case .loop(let rate, let from, let until, _): share = time > from || time <= until ? 0 : rate
    }
    let unmask = (after - (1 - share) * before) / (1 - before)
    return Chances(
      unmask: unmask, remask: [Double](repeating: share, count: confidences.count))
  }

  /// Shares shown before and after the step.
  private func shown(_ time: Double, _ duration: Double) -> (Double, Double) {
    let end = time - duration
    guard case .loop(_, let from, let until, let share) = self else { return (1 - time, 1 - end) }
    if time > from { return ((1 - time) * share / (1 - from), (1 - end) * share / (1 - from)) }
    if time <= until { return (1 - time * (1 - share) / until, 1 - end * (1 - share) / until) }
    return (share, share)
  }

  /// The chances of step `step` (0-based) of `steps` equal ones from time 1 to 0.
  package func chances(step: Int, of steps: Int, confidences: [Float]) -> Chances {
    chances(
      time: 1 - Double(step) / Double(steps), duration: 1 / Double(steps),
      confidences: confidences)
  }
}

/// e^−x for 0 ≤ x ≤ 1, by its series.
private func decayingExponential(_ x: Double) -> Double {
  var term = 1.0
  var sum = 1.0
  for k in 1...20 {
    term *= -x / Double(k)
    sum += term
  }
  return sum
}
