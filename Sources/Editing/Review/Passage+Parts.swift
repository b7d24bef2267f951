internal import Documents
internal import Infilling

// The parts of a passage that are accepted alone, and what of a draft belongs to another span.

extension Passage {
  /// The text of the slots before `boundary`, with the blank before the rest.
  func acceptedText(before boundary: Int) -> String {
    let text = cells[..<boundary].map(\.text).joined().drop(while: \.isWhitespace)
    guard text.last?.isWhitespace != true else { return String(text) }
    let next = cells[boundary]
    let blank = next.text.prefix(while: \.isWhitespace)
    return text + (next.state == .open && blank.isEmpty ? " " : String(blank))
  }

  /// Bytes before the body of a word.
  static func start(ofWord number: Int, in words: [String]) -> Int {
    let before = words[..<number].reduce(0) { $0 + $1.utf8.count }
    return before + words[number].prefix(while: \.isWhitespace).utf8.count
  }

  /// Bytes of the white space and the word that a text begins with; nil where a blank line or the
  /// end comes first, or where the word is too long.
  static func lengthOfWord(_ bytes: [UInt8]) -> Int? {
    let blanks = bytes.prefix(while: \.isBlank)
    guard blanks.count(where: { $0 == 0x0A }) < 2 else { return nil }
    let word = bytes.dropFirst(blanks.count).prefix { !$0.isBlank }
    return word.isEmpty || word.count > 200 ? nil : blanks.count + word.count
  }

  /// The span without its last or first word.
  func shrunkSpan(end: Bool) -> Range<Int>? {
    let words = WordDiff.words(of: String(decoding: original, as: UTF8.self))
    guard words.count > 1 else { return nil }
    if end {
      let length = words.dropLast().reduce(0) { $0 + $1.utf8.count }
      return span.lowerBound..<span.lowerBound + length
    }
    return span.lowerBound + Self.start(ofWord: 1, in: words)..<span.upperBound
  }

  /// Cells that do not begin a passage any more: their first word gets a blank.
  static func apart(_ cells: [InfillCell]) -> [InfillCell] {
    guard let first = cells.first, let character = first.text.first, !character.isWhitespace else {
      return cells
    }
    var cells = cells
    cells[0].text = " " + first.text
    return cells
  }

  /// The part of a draft that corresponds to the original's words from `count` on.
  static func cells(
    of cells: [InfillCell], originalFrom count: Int, _ original: String
  ) -> [InfillCell] {
    boundary(of: cells, beforeOriginal: count, original).map { Array(cells[$0...]) } ?? cells
  }

  /// The part of a draft that corresponds to the original's first words.
  static func cells(
    of cells: [InfillCell], originalUpTo count: Int, _ original: String
  ) -> [InfillCell] {
    boundary(of: cells, beforeOriginal: count, original).map { Array(cells[..<$0]) } ?? cells
  }

  /// The slot between words nearest to a place in the original; nil where the draft is one word.
  private static func boundary(
    of cells: [InfillCell], beforeOriginal count: Int, _ original: String
  ) -> Int? {
    let words = words(of: cells)
    guard words.count > 1 else { return nil }
    let diff = WordDiff(
      original: WordDiff.words(of: original),
      draft: words.map { cells[$0].map(\.text).joined() })
    return words[max(1, min(diff.draftWords(beforeOriginal: count), words.count - 1))].lowerBound
  }
}
