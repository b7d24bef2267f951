public import Infilling
internal import Transformers

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

extension LocalInfiller {
  /// Scores of `texts` in the place of the request's passage, in their order. Reads the text before
  /// once, the candidates side by side.
  public func scores(of texts: [String], for request: InfillRequest) async throws
    -> [CandidateScore]
  {
    try await engine.scores(of: texts, for: request)
  }
}

extension LoadedModel {
  /// Tokens of the text behind a passage that are scored with it.
  private static let joined = 32

  func scores(of texts: [String], for request: InfillRequest) throws -> [CandidateScore] {
    var prefix: [Int] = []
    let continuations = texts.map { text in
      var request = request
      request.original = text
      let passage = PassageText(request, tokenizer: tokenizer, window: window(slots: slotLimit / 2))
      prefix = passage.prefix
      return passage.original + passage.suffix.prefix(Self.joined)
    }
    let before =
      prefix.isEmpty
      ? EncodedText([hole.adapter.tokens.start], model: hole.transformer.configuration)
      : self.prefix(prefix)
    let scorer = CausalScorer(hole.transformer, after: before) { _ in
      try Task.checkCancellation()
    }
    return try scorer.logProbabilities(continuations).map { values in
      CandidateScore(
        logProbability: values.reduce(0) { $0 + Double($1) }, tokens: values.count)
    }
  }
}
