internal import RegularExpressions

/// Highlights lines by a grammar, and by those of the languages embedded in it.
///
/// A line depends on its bytes and on the state that the line before ended in, and on nothing else:
/// results are remembered by both.
public struct Highlighter: Sendable {
  /// What is open at the start of a line: regions within regions. Equal states are equal numbers.
  public struct State: Sendable, Hashable {
    let number: Int32
    /// That of the first line.
    public static let initial = State(number: 0)
  }

  /// A piece of a line, as bytes of it, and what it is.
  public struct Token: Sendable, Equatable {
    public var range: Range<Int>
    public var role: SyntaxRole
  }

  /// A highlighted line. Tokens ascend without overlap.
  public struct Line: Sendable, Equatable {
    public var tokens: [Token]
    public var end: State
  }

  /// Bytes of a line that are looked at; the rest of a longer one has no tokens.
  public static let longestLine = 4096

  private struct Key: Hashable {
    var state: State
    var bytes: [UInt8]
  }

  let grammars: GrammarSet
  /// Regions that are open, by state.
  private var stacks: [[OpenRegion]] = [[]]
  private var states: [[OpenRegion]: State] = [[]: .initial]
  private var memo: [Key: Line] = [:]
  private var remembered = 0
  private var tooCostly = 0

  /// Lines and states that are remembered, at most.
  private static let mostRemembered = 1 << 18
  private static let mostStates = 10_000
  private static let mostCostly = 5

  /// Languages that are embedded in highlighted lines and have no grammar yet.
  public private(set) var wanted: Set<String> = []

  /// The grammar that takes too long: nothing is highlighted any more.
  public private(set) var abandoned: String?

  public init(_ grammar: Grammar) { grammars = GrammarSet([grammar]) }

  private init(_ grammars: GrammarSet, wanted: Set<String>) {
    self.grammars = grammars
    self.wanted = wanted
  }

  /// The grammar of the text as a whole.
  public var grammar: Grammar { grammars.all[0] }

  /// The same with the grammar of an embedded language, or with none to be had for `name`. Its
  /// states are not those of this highlighter.
  public func adding(_ grammar: Grammar?, named name: String) -> Highlighter {
    let added = GrammarSet(
      grammars.all + (grammar.map { [$0] } ?? []),
      missing: grammar == nil ? grammars.missing.union([name]) : grammars.missing)
    return Highlighter(added, wanted: wanted.subtracting([name]))
  }

  /// Highlights a line without its end. O(line) but for patterns that backtrack; O(hash of the line)
  /// if it is remembered.
  public mutating func line(_ bytes: [UInt8], from state: State) -> Line {
    let key = Key(state: state, bytes: bytes)
    if let line = memo[key] { return line }
    let line = highlighted(bytes, from: state)
    if remembered > Self.mostRemembered {
      memo = [:]
      remembered = 0
    }
    memo[key] = line
    remembered += bytes.count + 32
    return line
  }

  /// The state after a line; nothing is remembered.
  public mutating func end(of bytes: [UInt8], from state: State) -> State {
    memo[Key(state: state, bytes: bytes)]?.end ?? highlighted(bytes, from: state).end
  }

  private mutating func highlighted(_ bytes: [UInt8], from state: State) -> Line {
    guard abandoned == nil, stacks.indices.contains(Int(state.number)) else {
      return Line(tokens: [], end: .initial)
    }
    var scanner = LineScanner(
      bytes.count > Self.longestLine ? Array(bytes[..<Self.longestLine]) : bytes,
      open: stacks[Int(state.number)], grammars: grammars)
    scanner.scan()
    wanted.formUnion(scanner.wanted)
    if let grammar = scanner.costlyGrammar {
      tooCostly += 1
      if tooCostly >= Self.mostCostly { abandoned = grammar }
    }
    return Line(tokens: scanner.tokens, end: self.state(of: scanner.open))
  }

  private mutating func state(of stack: [OpenRegion]) -> State {
    if let state = states[stack] { return state }
    // No text has so many but one made for it.
    guard stacks.count < Self.mostStates else { return .initial }
    let state = State(number: Int32(stacks.count))
    stacks.append(stack)
    states[stack] = state
    return state
  }
}

/// A region that has begun.
struct OpenRegion: Sendable, Hashable {
  /// The grammar of its rule.
  var grammar: Int
  var rule: String
  /// The pattern of its end.
  var end: String
  /// The grammar of the text in it, if that is another language; -1 for one that is not known.
  var embedded: Int?
}
