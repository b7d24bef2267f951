/// A draft ended at some place: a passage that could be.
public struct Closing: Sendable, Equatable {
  /// The draft's number, and what of its beginning stands in the draft's cache.
  var draft: Int
  var cached: Int
  public var tokens: [Token]
  /// −ln p of the first token after the passage, as the drafting pass gave it.
  var following: Float
  /// −ln p of the tokens after the passage that were read, summed; nil before that.
  public internal(set) var reading: Float?
  /// How many these are.
  var readCount = 0
  /// Triples of words that come twice, and phrases copied from around the passage.
  var repeats: Int
  /// Whether its last token is the mark of a sentence, which should come as no surprise.
  var endsWithMark: Bool
  /// What the form makes it cost.
  var formCost: Float = 0

  /// A token with what the model thought of it.
  public struct Token: Sendable, Equatable {
    public var id: Int
    public var probability: Float
    /// −ln p.
    public var surprise: Float
    public var candidates: Candidates
    public var isPinned = false

    public init(
      id: Int, probability: Float = 1, surprise: Float, candidates: Candidates = [],
      isPinned: Bool = false
    ) {
      self.id = id
      self.probability = probability
      self.surprise = surprise
      self.candidates = candidates
      self.isPinned = isPinned
    }
  }

  public var ids: [Int] { tokens.map(\.id) }
  public var surprise: Float { tokens.reduce(0) { $0 + $1.surprise } }

  public var canvas: Canvas { Canvas(tokens.map(\.slot)) }
  /// −ln p a token of what follows; nil before it was read.
  public var join: Float? { readCount == 0 ? nil : reading.map { $0 / Float(readCount) } }

  /// What the closing is chosen by, least first, in nats.
  func cost(_ policy: SearchPolicy, _ length: PassageLength) -> Float {
    let own =
      surprise / Float(max(1, tokens.count)) * Float(min(length.expected, policy.fluentLength))
    return (reading ?? following) + policy.fluency * own + length.cost(tokens.count)
      + formCost + 4 * Float(repeats)
      + (endsWithMark ? 2 * max(0, (tokens.last?.surprise ?? 0) - 1.5) : 0)
  }
}
