internal import CKernels

/// What a row of logits says.
public struct TopKSummary: Sendable {
  public struct Candidate: Sendable, Equatable {
    public var token: Int
    public var probability: Float

    public init(token: Int, probability: Float) {
      self.token = token
      self.probability = probability
    }
  }

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
  public let candidateCount: Int
  private var tokens = InlineArray<8, Int32>(repeating: 0)
  private var probabilities = InlineArray<8, Float>(repeating: 0)

  /// Whether the row gave a token and a probability: not where every token is banned, nor where a
  /// logit is NaN or infinite.
  public var isDefined: Bool { token >= 0 && probability.isFinite }

  init(_ summary: ck_summary) {
    token = Int(summary.token)
    probability = summary.probability
    entropy = summary.entropy
    logNormalizer = summary.log_normalizer
    candidateCount = Int(summary.candidate_count)
    let (ids, values) = (summary.candidates, summary.candidate_probabilities)
    unsafe withUnsafeBytes(of: ids) { ids in
      unsafe withUnsafeBytes(of: values) { values in
        for index in 0..<candidateCount {
          tokens[index] = unsafe ids.load(fromByteOffset: index * 4, as: Int32.self)
          probabilities[index] = unsafe values.load(fromByteOffset: index * 4, as: Float.self)
        }
      }
    }
  }

  /// The likeliest tokens at temperature 1, best first, the lower id first among equals.
  public func candidate(_ index: Int) -> Candidate {
    precondition(index < candidateCount, "candidate \(index) of \(candidateCount)")
    return Candidate(token: Int(tokens[index]), probability: probabilities[index])
  }

  /// All candidates, in an array of their own.
  public var candidates: [Candidate] { (0..<candidateCount).map(candidate) }
}
