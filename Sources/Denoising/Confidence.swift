/// What ranks the slots of a step: larger is surer.
public enum Confidence: String, Sendable, CaseIterable {
  /// Probability of the token taken.
  case probability
  /// Best probability less the second best.
  case margin
  /// Negative entropy of the distribution.
  case entropy
  /// A fixed random order drawn from the seed; for comparison.
  case random
  /// From the left.
  case position

  public func score(_ prediction: SlotPrediction, seed: UInt64) -> Float {
    switch self {
    case .probability: prediction.probability
    case .margin: prediction.margin
    case .entropy: -prediction.entropy
    case .random:
      Float(CounterRandom.unit(seed: seed, slot: prediction.slot, token: Int(UInt32.max)))
    case .position: -Float(prediction.slot)
    }
  }
}
