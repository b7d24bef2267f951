internal import Documents
public import Highlighting

/// A stretch of the document and what it is in its language.
public struct SyntaxSpan: Sendable, Equatable {
  public var range: Range<Int>
  public var role: SyntaxRole
}

/// How the document is highlighted.
struct Syntax: Sendable {
  enum State: Sendable {
    /// The language is looked for with the next event.
    case undecided
    case plain
    case loading(String)
    case on(HighlightedText)
  }

  var state = State.undecided
  /// What the user chose; nil leaves it to the name of the file.
  var chosen: String?
  /// The path that the language was decided by.
  var path: String?
  /// Rules that take too long were reported.
  var reportsCost = false

  /// The spans in the window, in ascending order without overlap.
  var spans: [SyntaxSpan] {
    if case .on(let text) = state { text.spans } else { [] }
  }
}

/// A highlighter and what it knows of the document.
struct HighlightedText: Sendable {
  private(set) var highlighter: Highlighter
  /// Of a document that is scanned.
  private var states = LineStates()
  private var lineCount: Int
  /// Embedded languages that were asked for.
  private var requested: Set<String> = []
  private(set) var spans: [SyntaxSpan] = []
  /// What `spans` were found for.
  private var window: Window?

  private struct Window: Equatable {
    var lines: ClosedRange<Int>
    var state: Highlighter.State
  }

  /// Larger documents are not scanned: what a line is depends on the lines just before it.
  static let largestScanned = 8 << 20
  /// Bytes that are scanned for one event: well below a millisecond's work.
  private static let budget = 16 << 10
  /// Lines before the window, and bytes of them, that decide what it shows while the text before them
  /// is not scanned.
  private static let lookBack = (lines: 100, bytes: 16 << 10)

  init(_ grammar: Grammar, _ text: Text) {
    highlighter = Highlighter(grammar)
    lineCount = text.linesAreCounted ? text.lineCount : 0
  }

  /// A part of the document has changed.
  mutating func change(_ damage: Document.Damage, _ text: Text) {
    window = nil
    guard Self.isScanned(text) else { return }
    let first = text.line(at: min(damage.before, text.count))
    let last = text.line(at: max(text.count - damage.after, damage.before))
    let count = last - first + 1
    let before = count + lineCount - text.lineCount
    lineCount = text.lineCount
    states.replace(lines: first...first + max(0, before - 1), with: count)
  }

  /// An embedded language has been read, or there is none of that name.
  mutating func add(_ grammar: Grammar?, named name: String) {
    highlighter = highlighter.adding(grammar, named: name)
    states = LineStates()
    window = nil
  }

  /// Embedded languages that were not asked for before.
  mutating func takeWanted() -> [String] {
    let names = highlighter.wanted.subtracting(requested)
    requested.formUnion(names)
    return names.sorted()
  }

  /// Highlights the lines of the window. Returns whether the lines before it are not scanned yet.
  mutating func show(_ lines: ClosedRange<Int>, of text: Text) -> Bool {
    var isReached = true
    if Self.isScanned(text) {
      isReached = states.advance(to: lines.lowerBound, budget: Self.budget, &highlighter) {
        Self.start(ofLine: $0, text)
      }
    }
    let state = states.state(atLine: lines.lowerBound) ?? guess(lines.lowerBound, text)
    let window = Window(lines: lines, state: state)
    guard window != self.window else { return !isReached }
    self.window = window
    spans.removeAll(keepingCapacity: true)
    var next = state
    for line in lines {
      guard let bytes = Self.start(ofLine: line, text) else { break }
      let start = text.offset(ofLine: line)
      let found = highlighter.line(bytes, from: next)
      next = found.end
      for token in found.tokens {
        spans.append(
          SyntaxSpan(
            range: start + token.range.lowerBound..<start + token.range.upperBound,
            role: token.role))
      }
    }
    return !isReached
  }

  /// What a line begins in, from the lines just before it.
  private mutating func guess(_ line: Int, _ text: Text) -> Highlighter.State {
    var first = line
    var bytes = 0
    while first > 0, line - first < Self.lookBack.lines, bytes < Self.lookBack.bytes {
      first -= 1
      bytes += text.lineRange(first).count
    }
    var state = Highlighter.State.initial
    for before in first..<line {
      guard let bytes = Self.start(ofLine: before, text) else { break }
      state = highlighter.line(bytes, from: state).end
    }
    return state
  }

  private static func isScanned(_ text: Text) -> Bool {
    text.linesAreCounted && text.count <= largestScanned
  }

  /// The part of a line that is highlighted; nil after the last.
  private static func start(ofLine line: Int, _ text: Text) -> [UInt8]? {
    guard text.hasLine(line) else { return nil }
    let range = text.lineRange(line)
    return text.bytes(
      in: range.lowerBound..<min(range.upperBound, range.lowerBound + Highlighter.longestLine))
  }
}
