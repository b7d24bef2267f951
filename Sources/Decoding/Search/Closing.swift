public import Tensors

/// A draft ended at some place: a passage that could be.
public struct Closing: Sendable, Equatable {
  /// The draft's number, and how much of the passage's beginning is in the draft's cache.
  var draft: Int
  var cached: Int
  public var tokens: [Token]
  /// −ln p of the tokens after the passage as far as they were read, in order: the first as the
  /// drafting pass gave it, none where nothing follows.
  public internal(set) var readings: [Float]
  /// Whether it has a draft's cache of its own, and more than its drafting pass is known of it.
  var isRead = false
  /// Triples of words that come twice, phrases copied from around the passage, and words at its ends
  /// that repeat the word beside it.
  var repeats: Int
  /// Whether its last token is the mark of a sentence, which should come as no surprise.
  var endsWithMark: Bool
  /// Whether a line break follows, which should come as none either.
  var endsLine = false
  /// What the form makes it cost.
  var formCost: Float = 0

  /// A token with what the model thought of it.
  public struct Token: Sendable, Equatable {
    public var id: Int
    public var probability: Float
    /// −ln p.
    public var surprise: Float
    public var candidates: TokenCandidates
    public var isPinned = false

    public init(
      id: Int, probability: Float = 1, surprise: Float, candidates: TokenCandidates = [],
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
  public var join: Float? {
    readings.isEmpty || !isRead ? nil : readings.reduce(0, +) / Float(readings.count)
  }

  /// What the closing is chosen by, least first, in nats.
  ///
  /// - Parameter glance: how many of the readings count; nil is all.
  func cost(_ policy: SearchPolicy, _ length: PassageLength, glance: Int? = nil) -> Float {
    let own =
      surprise / Float(max(1, tokens.count)) * Float(min(length.expected, policy.fluentLength))
    let join = readings.prefix(glance ?? readings.count).reduce(0, +)
    let mark = endsWithMark ? 3 * max(0, (tokens.last?.surprise ?? 0) - 1) : 0
    let halt = endsLine ? 3 * max(0, (readings.first ?? 0) - 1) : 0
    return join + policy.fluency * own + length.cost(tokens.count) + formCost
      + 4 * Float(repeats) + mark + halt
  }
}
