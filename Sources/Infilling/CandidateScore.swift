/// How well a candidate for a passage reads to the causal model: ln p of the passage, and of the
/// text that follows it, given the text before. The same weights that filled it, read from left to
/// right, so a passage that does not lead on to what follows is found out.
public struct CandidateScore: Sendable, Equatable {
  /// ln p of some tokens together.
  public struct Part: Sendable, Equatable {
    public var logProbability: Double
    public var tokens: Int

    public init(logProbability: Double, tokens: Int) {
      self.logProbability = logProbability
      self.tokens = tokens
    }

    /// What there is no text for.
    public static let none = Part(logProbability: 0, tokens: 0)

    /// −∞ for no tokens.
    public var perToken: Double {
      tokens == 0 ? -.infinity : logProbability / Double(tokens)
    }
  }

  public var passage: Part
  public var following: Part

  public init(passage: Part, following: Part = .none) {
    self.passage = passage
    self.following = following
  }

  /// What candidates are compared by: ln p a token of the passage, so that a longer one is neither
  /// better nor worse for it, and to this ln p of all that follows, which is the same text for all. A
  /// mean over both would favour long passages, whose tokens are likelier than those of a text the
  /// model has not written. −∞ for no passage.
  public var value: Double { passage.perToken + following.logProbability }

  /// Index of the best of `scores`, the first among equals; nil for none.
  public static func best(_ scores: [CandidateScore]) -> Int? {
    scores.indices.max {
      let (a, b) = (scores[$0].value, scores[$1].value)
      return a != b ? a < b : $0 > $1
    }
  }
}
