internal import Tokenizers

/// Tokens of a vocabulary classified by their text, for the rules of a passage. Made once per
/// model.
struct PassageTokens {
  /// Tokens with a line break.
  private(set) var lineBreaks: Set<Int> = []
  /// Tokens that are part of a character, or not UTF-8.
  private(set) var partial: [Int] = []
  /// Tokens with letters other than Latin ones, with Latin letters beyond ASCII, and rows of one
  /// character.
  private(set) var foreign: [Int] = []
  private(set) var accented: [Int] = []
  private(set) var rows: [Int] = []
  /// Tokens of a blank and more, tokens that do not begin with white space, and tokens of white
  /// space alone.
  private(set) var withBlank: [Int] = []
  private(set) var withoutBlank: [Int] = []
  private(set) var blanks: [Int] = []
  /// The token of one blank. Vocabularies with a token for each digit have no digit with a blank
  /// before it, so this token precedes every number.
  private(set) var blank: Int?
  /// Ids but those of tokens that begin with a digit.
  private(set) var withoutDigit: [Int] = []
  /// Tokens with several blanks in a row, tabs, or blanks at their end.
  private(set) var gaps: [Int] = []
  /// Tokens whose first character after a blank is a small letter, and those where it is no letter.
  private(set) var lowercase: [Int] = []
  private(set) var withoutLetter: [Int] = []
  /// Which of `marks` each token has, as bits in their order.
  private var marked: [UInt64]
  private let tokenizer: Tokenizer
  private let vocabularySize: Int

  /// Marks that a passage may have only if the old one had them.
  private static let marks = Array("#*_|<>[]{}~^=\\`•@+\"“”()0123456789$%&/§©®™→–".unicodeScalars)

  /// O(bytes of the vocabulary).
  init(_ tokenizer: Tokenizer, vocabularySize: Int) {
    self.tokenizer = tokenizer
    self.vocabularySize = vocabularySize
    marked = Array(repeating: 0, count: vocabularySize)
    let bits = Dictionary(
      uniqueKeysWithValues: Self.marks.enumerated().map { ($1, UInt64(1) << UInt64($0)) })
    let ascii = (0..<128).map { bits[Unicode.Scalar(UInt8($0))] ?? 0 }
    for id in 0..<vocabularySize {
      let bytes = tokenizer.bytes(of: id)
      let isSpecial = tokenizer.isSpecial(id)
      if isSpecial || !(bytes.first.map { (48...57).contains($0) } ?? false) {
        withoutDigit.append(id)
      }
      guard !bytes.isEmpty, !isSpecial else { continue }
      if bytes.allSatisfy({ $0 < 128 }) {
        classify(id, bytes.lazy.map { Unicode.Scalar($0) })
        marked[id] = bytes.reduce(0) { $0 | ascii[Int($1)] }
      } else if let text = String(validating: bytes, as: UTF8.self) {
        classify(id, text.unicodeScalars)
        marked[id] = text.unicodeScalars.reduce(0) { $0 | (bits[$1] ?? 0) }
      } else {
        partial.append(id)
      }
    }
  }

  private mutating func classify(_ id: Int, _ text: some Collection<Unicode.Scalar>) {
    var (before, first, count) = (nil as Unicode.Scalar?, nil as Unicode.Scalar?, 0)
    var (breaks, gap, isForeign, isAccented, isRow) = (false, false, false, false, true)
    for scalar in text {
      let isBlank = scalar.isBlank
      breaks = breaks || scalar.isLineBreak
      gap = gap || scalar == "\t" || (scalar == " " && before == " ")
      isForeign = isForeign || Self.isForeign(scalar)
      isAccented = isAccented || Self.isAccented(scalar)
      isRow = isRow && (before == nil || before == scalar)
      if first == nil, !isBlank { first = scalar }
      before = scalar
      count += 1
    }
    if breaks { lineBreaks.insert(id) }
    if gap || before == " " { gaps.append(id) }
    guard let first else {
      blanks.append(id)
      if text.elementsEqual([" "]) { blank = id }
      return
    }
    if text.first == " " { withBlank.append(id) } else { withoutBlank.append(id) }
    if isForeign { foreign.append(id) }
    if isAccented { accented.append(id) }
    if isRow, count > 3 { rows.append(id) }
    if first.isSmallLetter { lowercase.append(id) }
    if !first.isLetter { withoutLetter.append(id) }
  }

  /// Tokens with a mark that is not among `allowed`.
  func with(marksOutside allowed: Set<Character>) -> [Int] {
    let outside = Self.marks.indices.reduce(UInt64(0)) {
      allowed.contains(Character(Self.marks[$1])) ? $0 : $0 | 1 << UInt64($1)
    }
    return marked.indices.filter { marked[$0] & outside != 0 }
  }

  /// Whether a text has letters other than Latin ones.
  static func isForeign(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.contains(where: isForeign)
  }

  private static func isForeign(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x250 && scalar.properties.isAlphabetic
  }

  /// Whether a text has Latin letters beyond ASCII.
  static func isAccented(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.contains(where: isAccented)
  }

  private static func isAccented(_ scalar: Unicode.Scalar) -> Bool {
    (0x80..<0x250).contains(scalar.value) && scalar.properties.isAlphabetic
  }

  /// Tokens that begin with a small letter and are not a word: the vocabulary has no such token
  /// after a blank. O(bytes of the vocabulary).
  var fragments: [Int] {
    let words = Set(withBlank.map { tokenizer.bytes(of: $0).dropFirst() })
    let bare = Set(withoutBlank)
    return lowercase.filter { bare.contains($0) && !words.contains(tokenizer.bytes(of: $0)[...]) }
  }

  /// Whether a vocabulary has a token that is not banned.
  func leaves(_ banned: [Int]) -> Bool {
    var isBanned = Array(repeating: false, count: vocabularySize)
    for id in banned where isBanned.indices.contains(id) { isBanned[id] = true }
    for id in lineBreaks { isBanned[id] = true }
    return isBanned.contains(false)
  }

  func begins(_ token: Int, with character: Character) -> Bool {
    tokenizer.text(of: token).first { !$0.isWhitespace } == character
  }
}

/// Properties of scalars, for ASCII without Unicode's tables.
extension Unicode.Scalar {
  fileprivate var isBlank: Bool {
    isASCII ? value == 32 || (9...13).contains(value) : properties.isWhitespace
  }

  fileprivate var isLineBreak: Bool {
    (10...13).contains(value) || value == 0x85 || value == 0x2028 || value == 0x2029
  }

  fileprivate var isSmallLetter: Bool {
    isASCII ? (97...122).contains(value) : properties.isLowercase
  }

  fileprivate var isLetter: Bool {
    isASCII ? (97...122).contains(value | 32) : properties.isAlphabetic
  }
}
