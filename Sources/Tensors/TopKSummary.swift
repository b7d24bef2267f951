internal import CKernels

/// What a row of logits says.
public struct TopKSummary: Sendable {
  /// The chosen token: the likeliest one at temperature 0, a drawn one above; -1 where the row allows
  /// none.
  public let token: Int
  /// Probability of the chosen token at temperature 1.
  public let probability: Float
  /// Entropy of the distribution at temperature 1, in nats.
  public let entropy: Float
  /// ln Σ exp(logit) over the allowed tokens, so that a token's log-probability is its logit minus
  /// this; 0 for a mixed row.
  public let logNormalizer: Float
  /// The likeliest tokens, best first, the lower id first among equals.
  public let candidates: TokenCandidates

  /// Whether the row gave a token and a probability: not where every token is banned, nor where a
  /// logit is NaN or infinite.
  public var isDefined: Bool { token >= 0 && probability.isFinite }

  init(_ summary: ck_summary) {
    token = Int(summary.token)
    probability = summary.probability
    entropy = summary.entropy
    logNormalizer = summary.log_normalizer
    candidates = TokenCandidates(summary)
  }
}
