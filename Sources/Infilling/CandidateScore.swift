/// How well a candidate for a passage reads to the causal model: ln p of the passage and of the
/// text that follows it, given the text before. The same weights that filled it, read from left to
/// right, so a passage that does not lead on to what follows is found out.
public struct CandidateScore: Sendable, Equatable {
  /// ln p of all tokens scored.
  public var logProbability: Double
  /// Tokens scored: the candidate's and those of the text that follows.
  public var tokens: Int

  public init(logProbability: Double, tokens: Int) {
    self.logProbability = logProbability
    self.tokens = tokens
  }

  /// ln p a token: what candidates of different lengths are compared by. −∞ for no tokens.
  public var perToken: Double { tokens == 0 ? -.infinity : logProbability / Double(tokens) }

  /// Index of the best of `scores`, the first among equals; nil for none.
  public static func best(_ scores: [CandidateScore]) -> Int? {
    scores.indices.max {
      let (a, b) = (scores[$0].perToken, scores[$1].perToken)
      return a != b ? a < b : $0 > $1
    }
  }
}
