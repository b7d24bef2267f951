internal import Decoding
internal import DecodingPolicies
internal import Infilling

/// The pace of searches on this machine, to announce a long one before it begins. Starts with the
/// pace of the default model on two cores and is updated by every part.
struct SearchPace {
  /// Seconds for a part of a passage, by quality.
  private static let seconds = [0.5, 0.6, 1.3, 2.6, 8]
  private static let parameters = 135e6
  /// Searches up to this time are not announced.
  private static let unspoken = 5.0

  private var factor: Double

  init(parameters: Int) { factor = Double(parameters) / Self.parameters }

  /// Records the milliseconds that a part took.
  mutating func learn(_ milliseconds: Double, _ settings: DecodingConfiguration) {
    if case .budget = settings.unmasking { return }
    let factor = milliseconds / 1000 / Self.seconds[SearchPolicy.level(settings.unmasking) - 1]
    self.factor += (factor - self.factor) / 2
  }

  /// The expected time of a number of parts, in words; nil for a few seconds or less.
  func words(parts: Int, _ settings: DecodingConfiguration) -> String? {
    let each: Double
    if case .budget(let milliseconds) = settings.unmasking {
      each = milliseconds / 1000
    } else {
      each = factor * Self.seconds[SearchPolicy.level(settings.unmasking) - 1]
    }
    let total = Double(parts) * each
    guard total > Self.unspoken else { return nil }
    return total < 90
      ? "takes about \(5 * max(1, Int((total / 5).rounded()))) seconds"
      : "takes about \(Int((min(total, 1e6) / 60).rounded())) minutes"
  }
}
