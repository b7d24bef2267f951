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
}
