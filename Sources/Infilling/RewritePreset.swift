/// Instructions that are offered by name.
public enum RewritePreset: String, Sendable, CaseIterable {
  case shorter
  case moreFormal = "more formal"
  case friendlier
  case simpler
  case correctTheGrammar = "correct the grammar"
}
