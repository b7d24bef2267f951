internal import Decoding
internal import DecodingPolicies
internal import Infilling

extension DecodingConfiguration {
  /// Slots for a passage of `count` tokens. With room to grow where surplus slots can be closed.
  func slots(for count: Int) -> Int {
    if let slots { return max(1, slots) }
    guard count > 0 else { return 8 }
    return lengthMayChange ? count + max(4, count / 4) : count
  }
}

extension DenoisingPolicy {
  /// A slot after a mask is filled before that mask only if the model is twice as confident of it:
  /// masks do not see one another, and far words chosen early rarely fit the near ones.
  private static let lookaheadOfPassages: Float = 0.5

  /// What a configuration says of any canvas.
  init(_ decoding: DecodingConfiguration) {
    self.init(
      unmasking: decoding.unmasking, confidence: decoding.confidence ?? .probability,
      choice: decoding.temperature > 0
        ? .sampled(temperature: decoding.temperature, seed: decoding.seed) : .greedy,
      lengthMayChange: decoding.lengthMayChange, editing: decoding.editing)
  }

  /// What it says of one part of a passage.
  init(
    _ decoding: DecodingConfiguration, _ part: PassageParts.Part, repetition: RepetitionGuard,
    minimumLength: Int
  ) {
    self.init(decoding)
    switch unmasking {
    case .steps(let steps, let schedule):
      // More steps than masks would foresee steps that have nothing to do.
      unmasking = .steps(max(1, min(steps, part.canvas.maskedSlots.count)), schedule)
    case .budget(let milliseconds): unmasking = .budget(milliseconds: milliseconds * part.share)
    default: break
    }
    self.repetition = repetition
    self.minimumLength = minimumLength
    closesFromLeft = true
    // Distance matters only to ranks by the model's confidence.
    let ranksByModel = !unmasking.isRandom && confidence != .random && confidence != .position
    self.lookahead = ranksByModel ? Self.lookaheadOfPassages : 1
  }
}

/// Milliseconds since a moment.
struct Stopwatch {
  private let start = ContinuousClock.now

  var milliseconds: Double { (ContinuousClock.now - start) / .milliseconds(1) }
}
