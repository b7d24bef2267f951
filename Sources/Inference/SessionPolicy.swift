internal import Denoising
internal import Infilling

extension InfillSettings {
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
  private static let lookahead: Float = 0.5

  /// The policy that settings ask for, for one part of a passage.
  init(
    _ settings: InfillSettings, _ part: PassageParts.Part, repetition: RepetitionGuard,
    minimumLength: Int
  ) {
    let reveal: RevealPolicy =
      switch settings.reveal {
      case .steps(let steps, let schedule):
        // More steps than masks would foresee steps that have nothing to do.
        .steps(
          max(1, min(steps, part.canvas.openSlots.count)),
          schedule == .linear ? .linear : .cosine)
      case .threshold(let threshold): .threshold(threshold, always: .frontier)
      case .budget(let milliseconds): .budget(milliseconds: Double(milliseconds) * part.share)
      }
    self.init(
      reveal: reveal,
      choice: settings.temperature > 0
        ? .sampled(temperature: settings.temperature, seed: settings.seed) : .greedy,
      lengthMayChange: settings.lengthMayChange, repetition: repetition,
      minimumLength: minimumLength, closesFromLeft: true, lookahead: Self.lookahead)
  }
}

/// Milliseconds since a moment.
struct Stopwatch {
  private let start = ContinuousClock.now

  var milliseconds: Double { (ContinuousClock.now - start) / .milliseconds(1) }
}
