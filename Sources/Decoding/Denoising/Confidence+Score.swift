public import DecodingPolicies

extension Confidence {
  /// The score of a slot: larger is surer.
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

extension TokenEditing {
  /// Whether the model is sure enough of another token than the one shown.
  func replaces(_ shown: Int, by prediction: SlotPrediction) -> Bool {
    prediction.token != shown && Double(prediction.probability) > threshold
  }
}
