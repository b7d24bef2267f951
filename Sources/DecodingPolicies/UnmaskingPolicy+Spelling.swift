extension UnmaskingPolicy {
  /// Probabilities that the levels of quality ask for, from quick to careful.
  private static let thresholds = [0.5, 0.65, 0.8, 0.9, 0.97]

  /// Levels of quality, the highest the slowest.
  public static let qualities = 1...thresholds.count

  /// A threshold by its level. Traps outside of `qualities`.
  public static func quality(_ level: Int) -> Self {
    precondition(qualities.contains(level), "quality \(level) is not in \(qualities)")
    return .threshold(thresholds[level - 1])
  }

  /// The threshold of a passage.
  public var threshold: Double? {
    if case .threshold(let value, .frontier) = self { value } else { nil }
  }

  /// The level whose threshold this is.
  public var quality: Int? {
    guard let threshold else { return nil }
    return Self.thresholds.firstIndex(of: threshold).map { $0 + 1 }
  }

  /// Longest time budget in milliseconds, an hour.
  public static let longestBudget = 3_600_000

  /// What a person types: `12` steps, `80%` or `0.8` for a threshold, `500ms` or `1.5s` for a time
  /// budget, `quality 3` or `q3`. nil for anything else and for what is out of range.
  public init?(spelled text: String, schedule: Schedule = .linear) {
    let text = text.lowercased().filter { $0 != " " }
    func number(_ ending: String) -> Double? {
      text.hasSuffix(ending) ? Double(text.dropLast(ending.count)) : nil
    }
    if let level = text.hasPrefix("quality")
      ? Int(text.dropFirst(7))
      : text.hasPrefix("q") ? Int(text.dropFirst()) : nil
    {
      guard Self.qualities.contains(level) else { return nil }
      self = .quality(level)
    } else if let time = number("ms") ?? number("s").map({ $0 * 1000 }) {
      guard time >= 1, time <= Double(Self.longestBudget) else { return nil }
      self = .budget(milliseconds: time.rounded())
    } else if let percent = number("%") {
      guard percent > 0, percent <= 100 else { return nil }
      self = .threshold(percent / 100)
    } else if let steps = Int(text) {
      guard (1...10_000).contains(steps) else { return nil }
      self = .steps(steps, schedule)
    } else if let threshold = Double(text), threshold > 0, threshold <= 1 {
      self = .threshold(threshold)
    } else {
      return nil
    }
  }

  /// A policy in words, as in "next: 12 steps".
  public var words: String {
    if let quality { return "quality \(quality)" }
    return switch self {
    case .steps(let count, _), .ancestral(let count, _), .independent(let count, _),
      .quota(_, let count), .sureOrQuota(_, let count, _), .sureWithinQuota(let count, _):
      count == 1 ? "1 step" : "\(count) steps"
    case .threshold(let threshold, _): "all above \(Int((threshold * 100).rounded())) %"
    case .budget(let milliseconds): "within \(Int(milliseconds)) ms"
    case .factor(let factor): "factor \(factor)"
    case .entropyBudget(let nats): "entropies up to \(nats)"
    }
  }
}
