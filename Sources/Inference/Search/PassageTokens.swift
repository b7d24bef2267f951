internal import Tokenizers

/// Tokens of a vocabulary by what their text is, for the rules of a passage. Made once a model.
struct PassageTokens {
  /// Tokens with a line break.
  private(set) var lineBreaks: Set<Int> = []
  /// Tokens that are part of a character, or not UTF-8.
  private(set) var partial: [Int] = []
  /// Tokens with letters other than Latin ones, and rows of one character.
  private(set) var foreign: [Int] = []
  private(set) var rows: [Int] = []
  /// Tokens that begin with a blank and go on, those that do not begin with white space, and white
  /// space alone.
  private(set) var withBlank: [Int] = []
  private(set) var withoutBlank: [Int] = []
  private(set) var blanks: [Int] = []
  /// Tokens with several blanks in a row, tabs, or blanks at their end.
  private(set) var gaps: [Int] = []
  /// Tokens whose first character after a blank is a small letter, and those where it is no letter.
  private(set) var lowercase: [Int] = []
  private(set) var withoutLetter: [Int] = []
  /// Marks that prose has only where it had them before, and the tokens that have each.
  private var marked: [Character: [Int]] = [:]
  private let tokenizer: Tokenizer
  private let vocabularySize: Int

  private static let marks = Set("#*_|<>[]{}~^=\\`•@+\"“”()0123456789$%&/§©®™→–")

  init(_ tokenizer: Tokenizer, vocabularySize: Int) {
    self.tokenizer = tokenizer
    self.vocabularySize = vocabularySize
    for id in 0..<vocabularySize {
      let bytes = tokenizer.bytes(of: id)
      guard !bytes.isEmpty, !tokenizer.isSpecial(id) else { continue }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        partial.append(id)
        continue
      }
      if text.contains(where: \.isNewline) { lineBreaks.insert(id) }
      if text.last == " " || text.contains("  ") || text.contains("\t") { gaps.append(id) }
      if text.allSatisfy(\.isWhitespace) {
        blanks.append(id)
        continue
      }
      if text.first == " " { withBlank.append(id) } else { withoutBlank.append(id) }
      if Self.isForeign(text) { foreign.append(id) }
      if text.count > 3, Set(text).count == 1 { rows.append(id) }
      let first = text.first { !$0.isWhitespace } ?? " "
      if first.isLowercase { lowercase.append(id) }
      if !first.isLetter { withoutLetter.append(id) }
      for mark in Set(text) where Self.marks.contains(mark) { marked[mark, default: []].append(id) }
    }
  }

  /// Tokens with a mark that is not among `allowed`.
  func with(marksOutside allowed: Set<Character>) -> [Int] {
    Array(Set(marked.filter { !allowed.contains($0.key) }.values.joined()))
  }

  /// Whether a text has letters other than Latin ones.
  static func isForeign(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.contains { $0.value >= 0x250 && $0.properties.isAlphabetic }
  }

  /// Whether a vocabulary has a token left besides those banned.
  func leaves(_ banned: [Int]) -> Bool {
    Set(banned + lineBreaks).count < vocabularySize
  }

  func begins(_ token: Int, with character: Character) -> Bool {
    tokenizer.text(of: token).first { !$0.isWhitespace } == character
  }
}
