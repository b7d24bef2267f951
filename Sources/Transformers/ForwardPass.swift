public import Tensors

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
    /// Row i sees column j of the mask where it says so. It stays as it is until the pass is over.
    case masked(AttentionMask)
  }

  /// Tokens that see a context and one another, and none of the pass's other tokens.
  public struct Group {
    /// Tokens of the group; they follow those of the groups before it.
    public var count: Int
    public var context: [Context]
    /// Of the group's own tokens, counted from its first.
    public var visibility: Visibility
    /// Where the tokens' keys and values are appended; nil forgets them. Several groups may have
    /// one target: it gets their rows in order.
    public var target: KeyValueCache?

    public init(
      _ count: Int, context: [Context] = [], visibility: Visibility = .causal,
      target: KeyValueCache? = nil
    ) {
      self.count = count
      self.context = context
      self.visibility = visibility
      self.target = target
    }
  }

  public var tokens: [Int]
  /// One for each token.
  public var positions: [Int]
  /// All tokens, in order.
  public var groups: [Group]
  /// Rows whose states are asked for afterwards, each once, ascending; nil is all. The last layer
  /// does for the others no more than their keys and values need.
  public var outputRows: [Int]?
  /// What is added to the base for this pass.
  public var adapter: Adapter?
  /// Low-rank weights beside the output projections for this pass.
  public var drafter: Drafter?

  /// A pass of one group. `outputRows` are the rows whose states are asked for afterwards, in any
  /// order; nil is all.
  public init(
    _ tokens: [Int], positions: [Int], context: [Context] = [], visibility: Visibility = .causal,
    target: KeyValueCache? = nil, outputRows: [Int]? = nil, adapter: Adapter? = nil,
    drafter: Drafter? = nil
  ) {
    self.init(
      tokens, positions: positions,
      groups: [
        Group(tokens.count, context: context, visibility: visibility, target: target)
      ], outputRows: outputRows, adapter: adapter, drafter: drafter)
  }

  /// A pass over groups that have nothing to do with one another: one product with the weights
  /// serves them all. `outputRows` counts the rows of all groups.
  public init(
    _ tokens: [Int], positions: [Int], groups: [Group], outputRows: [Int]? = nil,
    adapter: Adapter? = nil, drafter: Drafter? = nil
  ) {
    precondition(
      tokens.count == positions.count && tokens.count == groups.reduce(0) { $0 + $1.count },
      "\(tokens.count) tokens, \(positions.count) positions, groups of \(groups.map(\.count))")
    self.tokens = tokens
    self.positions = positions
    self.groups = groups
    self.outputRows = outputRows.map(Self.ascending)
    self.adapter = adapter
    self.drafter = drafter
  }

  private static func ascending(_ rows: [Int]) -> [Int] {
    var index = 1
    while index < rows.count && rows[index - 1] < rows[index] { index += 1 }
    return index >= rows.count ? rows : Set(rows).sorted()
  }
}

/// Passes made in the memory of the one before.
extension ForwardPass {
  /// Takes everything out but the adapters.
  package mutating func clear() {
    tokens.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    outputRows?.removeAll(keepingCapacity: true)
    for index in 0..<groups.count { setGroup(index, count: 0) }
  }

  /// Makes group `index`, of those there are or the next one, one of `count` tokens without
  /// context.
  package mutating func setGroup(
    _ index: Int, count: Int, visibility: Visibility = .causal, target: KeyValueCache? = nil
  ) {
    if index == groups.count { groups.append(Group(0)) }
    groups[index].count = count
    groups[index].context.removeAll(keepingCapacity: true)
    groups[index].visibility = visibility
    groups[index].target = target
  }
}
