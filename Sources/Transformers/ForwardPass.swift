/// One run of the transformer over some tokens.
public struct ForwardPass {
  /// Part of a cache that every token of the pass sees.
  public struct Context {
    public var cache: KeyValueCache
    public var rows: Range<Int>

    public init(_ cache: KeyValueCache, rows: Range<Int>) {
      precondition(rows.upperBound <= cache.count, "rows \(rows) of a cache of \(cache.count)")
      self.cache = cache
      self.rows = rows
    }

    /// All of a cache.
    public init(_ cache: KeyValueCache) {
      self.init(cache, rows: 0..<cache.count)
    }
  }

  /// Which tokens of the pass its tokens see.
  public enum Visibility {
    case all
    /// Itself and those before it.
    case causal
    /// Row i sees row j where `sees(i, j)`.
    case custom((Int, Int) -> Bool)
  }

  public var tokens: [Int]
  /// One for each token.
  public var positions: [Int]
  public var context: [Context]
  public var visibility: Visibility
  /// Where the tokens' keys and values are appended; nil forgets them.
  public var target: KeyValueCache?
  /// What is added to the base for this pass.
  public var adapter: Adapter?
  /// Low-rank weights beside the output projections for this pass.
  public var drafter: Drafter?

  public init(
    _ tokens: [Int], positions: [Int], context: [Context] = [], visibility: Visibility = .causal,
    target: KeyValueCache? = nil, adapter: Adapter? = nil, drafter: Drafter? = nil
  ) {
    precondition(
      tokens.count == positions.count, "\(tokens.count) tokens, \(positions.count) positions")
    self.tokens = tokens
    self.positions = positions
    self.context = context
    self.visibility = visibility
    self.target = target
    self.adapter = adapter
    self.drafter = drafter
  }
}
