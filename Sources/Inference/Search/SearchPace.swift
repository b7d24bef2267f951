internal import Denoising
internal import Infilling

/// How long searches take on this machine, so that a long one is told of before it begins. Begins with
/// what the default model takes on two cores and learns from every part that is done.
struct SearchPace {
  /// Seconds for a part of a passage, by quality.
  private static let seconds = [0.5, 0.6, 1.3, 2.6, 8]
  private static let parameters = 135e6
  /// What takes no longer is not spoken of.
  private static let unspoken = 5.0

  private var factor: Double

  init(parameters: Int) { factor = Double(parameters) / Self.parameters }

  /// A part was filled in so many milliseconds.
  mutating func learn(_ milliseconds: Double, _ settings: InfillSettings) {
    if case .budget = settings.reveal { return }
    let factor = milliseconds / 1000 / Self.seconds[SearchPolicy.level(settings.reveal) - 1]
    self.factor += (factor - self.factor) / 2
  }

  /// How long so many parts take, in words; nil where that is no more than some seconds.
  func words(parts: Int, _ settings: InfillSettings) -> String? {
    let each: Double
    if case .budget(let milliseconds) = settings.reveal {
      each = Double(milliseconds) / 1000
    } else {
      each = factor * Self.seconds[SearchPolicy.level(settings.reveal) - 1]
    }
    let total = Double(parts) * each
    guard total > Self.unspoken else { return nil }
    return total < 90
      ? "takes about \(5 * max(1, Int((total / 5).rounded()))) seconds"
      : "takes about \(Int((min(total, 1e6) / 60).rounded())) minutes"
  }
}
