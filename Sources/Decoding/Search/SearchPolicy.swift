internal import DecodingPolicies

/// How much a search attempts, and what it prefers.
public struct SearchPolicy: Sendable, Equatable {
  /// Drafts that advance together.
  public var draftCount: Int
  /// Of these, how many, the last ones, are drafted with the text after the passage in view, as
  /// earlier text.
  public var foresight: Int
  /// Temperature that they are drawn at; 0 takes the most probable token.
  public var temperature: Double
  /// A token less probable than this share of the most probable one is not drawn.
  public var floor: Float
  /// Ends of drafts that are read with the text after the passage, and how many tokens of it.
  public var closings: Int
  public var lookahead: Int
  /// Of all closings this many tokens are read first, and of the best `finalists` all.
  public var glance: Int
  public var finalists: Int
  /// Drafts begin again inside the best passages until this many tokens are drafted.
  public var effort: Int
  /// Passages that they then begin in.
  public var sources: Int
  /// Rounds of polishing, and words that are exchanged for trial in each.
  public var rounds: Int
  public var exchanges: Int
  /// Words whose −ln p, as they were drafted, is at least this much are asked for again, in so many
  /// canvases at once.
  public var doubt: Float
  public var probes: Int
  /// Weight of the passage's own −ln p against that of what follows, measured at its old length and
  /// at no more than `fluentLength` tokens: what follows does not get longer with the passage.
  public var fluency: Float
  public var fluentLength: Int
  public var seed: UInt64
  /// Passes that a step shows at once, and the most steps there are; the last one does what is
  /// left.
  public var stride = 1
  public var steps: Int?
  /// Milliseconds that the search may take; it then makes do with less.
  public var budget: Double?

  public init(
    draftCount: Int = 16, foresight: Int = 0, temperature: Double = 0.8, floor: Float = 0.04,
    closings: Int = 10,
    lookahead: Int = 32, glance: Int = 6, finalists: Int = 4, effort: Int = 240, sources: Int = 3,
    rounds: Int = 0,
    exchanges: Int = 4, doubt: Float = 0.5, probes: Int = 1, fluency: Float = 0.28,
    fluentLength: Int = 10, seed: UInt64 = 0
  ) {
    precondition(draftCount >= 1 && closings >= 1 && lookahead >= 0, "a search of nothing")
    self.draftCount = draftCount
    self.foresight = foresight
    self.temperature = temperature
    self.floor = floor
    self.closings = closings
    self.lookahead = lookahead
    self.glance = glance
    self.finalists = finalists
    self.effort = effort
    self.sources = sources
    self.rounds = rounds
    self.exchanges = exchanges
    self.doubt = doubt
    self.probes = probes
    self.fluency = fluency
    self.fluentLength = fluentLength
    self.seed = seed
  }
}

/// How long a passage may become, in tokens.
public struct PassageLength: Sendable, Equatable {
  /// What it is measured by: the old passage's length.
  public var expected: Int
  public var shortest: Int
  public var longest: Int

  /// Between 0.4 and 2 times the old length, and up to two tokens more.
  public init(expected: Int) {
    self.expected = max(1, expected)
    shortest = max(1, Int((0.4 * Double(expected)).rounded()))
    longest = max(2 * self.expected, 3)
  }

  /// This length and no other.
  public init(exactly count: Int) {
    expected = max(1, count)
    shortest = expected
    longest = expected
  }

  /// Drafts that may have ended are not continued beyond this.
  var ample: Int { max(shortest, min(longest, expected + max(3, expected * 3 / 10))) }

  /// What a length other than the old one costs, in nats: nothing up to one and a half times as
  /// long or short.
  func cost(_ count: Int) -> Float {
    let ratio = Float(max(count, expected)) / Float(max(1, min(count, expected)))
    return 4 * max(0, ratio - 1.5)
  }
}
