internal import Documents
internal import Highlighting

/// Which words on the screen a dictionary does not have. Each word is asked about once.
struct SpellingMap: Sendable {
  /// Whether words are right, as far as they are known.
  private(set) var known: [String: Bool] = [:]
  private var asked: Set<String> = []
  /// Misspelt words of the window, in order.
  private(set) var wrong: [Range<Int>] = []
  /// Words of the window.
  private var words: [(range: Range<Int>, text: String)] = []
  private var window: Window?

  struct Window: Equatable {
    var revision: Int
    var range: Range<Int>
    var spans: [SyntaxSpan]
    /// Where a word is being typed, which is not looked at until it is done.
    var typing: Int?
  }

  /// Words that are remembered before those out of sight are forgotten.
  private static let mostWords = 20_000

  /// Finds the words of the window; returns those to ask about.
  mutating func show(_ window: Window, of text: Text, isProse: Bool) -> [String] {
    guard window != self.window else { return [] }
    self.window = window
    words = SpellingWords.words(in: window.range, of: text, spans: window.spans, isProse: isProse)
      .filter { $0.range.upperBound != window.typing }
    if asked.count > Self.mostWords {
      asked = []
      known = [:]
    }
    let new = Set(words.map(\.text)).subtracting(asked)
    asked.formUnion(new)
    update()
    return new.sorted()
  }

  mutating func learn(_ answers: [String: Bool]) {
    known.merge(answers) { $1 }
    update()
  }

  private mutating func update() {
    wrong = words.filter { known[$0.text] == false }.map(\.range)
  }
}

/// Words of a document that have a spelling.
enum SpellingWords {
  /// The words in a range. Of code, those of comments and strings; of prose, none of code and links.
  /// What has digits, capitals within, or belongs to an address or a path is no such word. O(range).
  static func words(
    in range: Range<Int>, of text: Text, spans: [SyntaxSpan], isProse: Bool
  ) -> [(range: Range<Int>, text: String)] {
    var result: [(range: Range<Int>, text: String)] = []
    let string = text.string(in: range)
    // Bytes that are not text have become others: offsets hold no more.
    guard string.utf8.count == range.count else { return [] }
    var next = 0
    for token in string.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
      let start =
        range.lowerBound + string.utf8.distance(from: string.startIndex, to: token.startIndex)
      guard !token.isEmpty, !isAddress(token) else { continue }
      for word in words(of: token) {
        let at = start + token.utf8.distance(from: token.startIndex, to: word.startIndex)
        while next < spans.count, spans[next].range.upperBound <= at { next += 1 }
        let role = next < spans.count && spans[next].range.contains(at) ? spans[next].role : nil
        guard isChecked(role, isProse: isProse) else { continue }
        result.append((at..<at + word.utf8.count, String(word)))
      }
    }
    return result
  }

  private static func isChecked(_ role: SyntaxRole?, isProse: Bool) -> Bool {
    switch role {
    case .comment, .string: true
    case .code, .link, .tag, .keyword, .constant, .type, .function, .attribute: false
    default: isProse
    }
  }

  private static func isAddress(_ token: Substring) -> Bool {
    token.contains("://") || token.contains("@") || token.contains("\\") || token.contains("_")
      || token.contains("/") && token.contains(".")
  }

  /// Runs of letters, with apostrophes between them.
  private static func words(of token: Substring) -> [Substring] {
    var words: [Substring] = []
    for run in token.split(whereSeparator: { !$0.isLetter && !$0.isNumber && !isApostrophe($0) }) {
      let start = run.drop(while: isApostrophe)
      guard let last = start.lastIndex(where: { !isApostrophe($0) }) else { continue }
      let word = start[...last]
      let hasCapitalWithin = word.dropFirst().contains(where: \.isUppercase)
      let isShout = !word.contains(where: \.isLowercase)
      if word.count > 1, !word.contains(where: \.isNumber), !hasCapitalWithin || isShout {
        words.append(word)
      }
    }
    return words
  }

  private static func isApostrophe(_ character: Character) -> Bool {
    character == "'" || character == "\u{2019}"
  }
}
