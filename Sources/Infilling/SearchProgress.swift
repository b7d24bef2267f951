/// The progress of a search for a passage.
public struct SearchProgress: Sendable, Equatable {
  public enum Stage: String, Sendable, CaseIterable {
    /// Drafts grow, word by word.
    case drafting
    /// Finished drafts are read with the text after the passage.
    case reading
    /// Words of the best one are exchanged.
    case polishing
  }

  public var stage: Stage
  /// Drafts the search began with, and those that still grow.
  public var drafts: Int
  public var alive: Int
  /// −ln p a token of the text after the passage, as the shown passage leads on to it: the lower
  /// the better. nil before that was read, and where there is none.
  public var join: Float?

  public init(stage: Stage, drafts: Int, alive: Int, join: Float? = nil) {
    self.stage = stage
    self.drafts = drafts
    self.alive = alive
    self.join = join
  }
}
