/// Asks a model what it would write in the place of parts of a text, each as if it alone were
/// masked, both sides in view. Works in batches, so that whoever asks may stop between two.
public protocol SpanScorer {
  /// Scores the next spans; nil once all are done. After an error it may be called again.
  mutating func next() throws -> [SpanScore]?

  /// What was spent so far.
  var cost: PassCost { get }
}

/// What a model makes of the tokens of one span.
public struct SpanScore: Sendable, Equatable {
  /// Index of the span in the list that was asked about.
  public var index: Int
  /// ln p of each token in its place.
  public var logProbabilities: [Float]
  /// Tokens that the model would write instead of the span's, with the geometric mean of their
  /// probabilities, best first; no longer than the span.
  public var alternatives: [Alternative]

  public struct Alternative: Sendable, Equatable {
    public var tokens: [Int]
    public var probability: Float

    public init(tokens: [Int], probability: Float) {
      self.tokens = tokens
      self.probability = probability
    }
  }

  public init(index: Int, logProbabilities: [Float], alternatives: [Alternative]) {
    self.index = index
    self.logProbabilities = logProbabilities
    self.alternatives = alternatives
  }
}

/// Work that a model has done.
public struct PassCost: Sendable, Equatable {
  public var forwardPasses = 0
  /// Rows of these passes.
  public var tokens = 0

  public init(forwardPasses: Int = 0, tokens: Int = 0) {
    self.forwardPasses = forwardPasses
    self.tokens = tokens
  }

  mutating func add(_ tokens: Int) {
    forwardPasses += 1
    self.tokens += tokens
  }
}

extension SpanScore {
  /// The best of `alternatives`, each by the mean of its tokens' ln p.
  static func ranked(_ alternatives: [(tokens: [Int], sum: Float, count: Int)]) -> [Alternative] {
    alternatives.map { found in
      Alternative(
        tokens: found.tokens, probability: geometricMean(sum: found.sum, count: found.count))
    }.sorted { $0.probability > $1.probability }
  }
}
