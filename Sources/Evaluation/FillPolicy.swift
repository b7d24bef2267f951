public import DecodingPolicies

/// How a middle is filled, and what the evaluation calls it.
public struct FillPolicy: Sendable, Equatable {
  public var name: String
  public var unmasking: UnmaskingPolicy
  /// Weight of the base's own prediction for the slot after the committed ones.
  public var baseWeight: Float
  /// Whether the number of slots is left to the model.
  public var lengthMayChange: Bool

  public init(
    _ name: String, unmasking: UnmaskingPolicy, baseWeight: Float = 0, lengthMayChange: Bool = false
  ) {
    self.name = name
    self.unmasking = unmasking
    self.baseWeight = baseWeight
    self.lengthMayChange = lengthMayChange
  }

  /// Reads `steps 16` or `threshold 0.9`, either followed by `ar 0.5`; nil for anything else. A
  /// threshold above 1 fills one slot a step, from the left.
  public init?(parsing text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 2 || (words.count == 4 && words[2] == "ar") else { return nil }
    let weight = words.count == 4 ? Float(words[3]) : 0
    guard let weight, (0..<1).contains(weight) else { return nil }
    let unmasking: UnmaskingPolicy
    switch words[0] {
    case "steps":
      guard let steps = Int(words[1]), (1...10_000).contains(steps) else { return nil }
      unmasking = .steps(steps, .linear)
    case "threshold":
      guard let threshold = Double(words[1]), threshold >= 0, threshold.isFinite else { return nil }
      unmasking = .threshold(threshold, always: .frontier)
    default: return nil
    }
    self.init(words.joined(separator: " "), unmasking: unmasking, baseWeight: weight)
  }

  /// Those of the training code's evaluation.
  public static let usual = [
    "steps 16", "steps 8", "threshold 0.9", "threshold 0.7", "threshold 0.9 ar 0.5",
    "threshold 2 ar 0.3", "threshold 2 ar 0.5",
  ].compactMap(FillPolicy.init(parsing:))

  /// Thresholds of the quality/speed curve, with the base's weight that the default model runs at.
  public static let curve = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map {
    FillPolicy(
      "threshold \($0) ar 0.5", unmasking: .threshold($0, always: .frontier), baseWeight: 0.5)
  }

  /// The same with the length left to the model.
  public func withFreeLength() -> FillPolicy {
    var policy = self
    policy.lengthMayChange = true
    return policy
  }

  /// Slots to begin with where the length is free: a quarter more than there were, at least four.
  public static func roomySlots(for count: Int) -> Int { count + max(4, count / 4) }
}
