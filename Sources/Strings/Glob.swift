/// A pattern for names and paths. Matching follows all ways through the pattern at once: it takes
/// O(pattern · text) steps, whatever the pattern.
package struct Glob: Sendable, Equatable {
  /// What the characters of a pattern stand for. In all of them `?` is one character, `[a-z]` one of
  /// several, `[!a-z]` one of the others, and a backslash takes the next character as it is.
  package enum Syntax: Sendable {
    /// `*` stands for any characters, slashes too (fnmatch without flags).
    case plain
    /// As gitignore(5) has it: `*`, `?` and `[…]` stand for no slash, and `**` between slashes for any
    /// number of folders.
    case ignoreFile
    /// As editorconfig.org has it: `*` and `?` stand for no slash, `**` for any characters; `{a,b}` is
    /// one of several texts, `{1..9}` a whole number.
    case editorConfig
  }

  indirect enum Element: Sendable, Equatable {
    case scalar(Unicode.Scalar)
    case one
    case some
    /// Slashes, too.
    case any
    /// `**/` at the beginning: any number of folders.
    case folders
    /// `/**/`: a slash, or folders between two.
    case foldersBetween
    case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    case either([[Element]])
    case number(ClosedRange<Int>)
  }

  let elements: [Element]
  private let keepsToFolders: Bool

  package init(_ pattern: String, _ syntax: Syntax) {
    var parser = GlobParser(pattern, syntax)
    elements = parser.parse()
    keepsToFolders = syntax != .plain
  }

  /// Whether the whole of a text matches.
  package func matches(_ text: some StringProtocol) -> Bool {
    let text = Array(text.unicodeScalars)
    var reached = Array(repeating: false, count: text.count + 1)
    reached[0] = true
    return follow(elements, text, from: reached)[text.count]
  }

  /// Where elements end in the text that begin at one of the places that are reached.
  private func follow(
    _ elements: [Element], _ text: [Unicode.Scalar], from start: [Bool]
  ) -> [Bool] {
    var reached = start
    for element in elements {
      reached = follow(element, text, from: reached)
      if !reached.contains(true) { break }
    }
    return reached
  }

  private func follow(
    _ element: Element, _ text: [Unicode.Scalar], from reached: [Bool]
  ) -> [Bool] {
    var next = Array(repeating: false, count: reached.count)
    /// One character that fulfils a condition.
    func step(_ fits: (Unicode.Scalar) -> Bool) {
      for place in text.indices where reached[place] && fits(text[place]) { next[place + 1] = true }
    }
    /// Any number of characters that do.
    func run(_ fits: (Unicode.Scalar) -> Bool) {
      next = reached
      for place in text.indices where next[place] && fits(text[place]) { next[place + 1] = true }
    }
    switch element {
    case .scalar(let scalar): step { $0 == scalar }
    case .one: step { !keepsToFolders || $0 != "/" }
    case .some: run { !keepsToFolders || $0 != "/" }
    case .any: run { _ in true }
    case .set(let ranges, let isNegated):
      step { scalar in
        (!keepsToFolders || scalar != "/")
          && ranges.contains { $0.contains(scalar) } != isNegated
      }
    case .folders, .foldersBetween:
      var isWithin = false
      for place in text.indices {
        if reached[place] {
          if element == .folders { next[place] = true }
          isWithin = isWithin || element == .folders || text[place] == "/"
        }
        if isWithin, text[place] == "/" { next[place + 1] = true }
      }
      if element == .folders, reached[text.count] { next[text.count] = true }
    case .either(let all):
      for elements in all {
        for (place, isReached) in follow(elements, text, from: reached).enumerated()
        where isReached {
          next[place] = true
        }
      }
    case .number(let range):
      for place in text.indices where reached[place] { number(range, text, at: place, into: &next) }
    }
    return next
  }

  /// Digits of a number that is looked for, at most: those of an `Int`.
  static let mostDigits = 18

  /// Marks where numbers of a range end that begin at a place; none begins with a needless zero.
  private func number(
    _ range: ClosedRange<Int>, _ text: [Unicode.Scalar], at start: Int, into next: inout [Bool]
  ) {
    var place = start
    let sign = text[start] == "-" ? -1 : 1
    if text[start] == "-" || text[start] == "+" { place += 1 }
    var value = 0
    var digits = 0
    while place < text.count, digits < Self.mostDigits, let digit = text[place].decimalDigit {
      if digits > 0, value == 0 { return }
      value = value * 10 + digit
      digits += 1
      place += 1
      if range.contains(sign * value) { next[place] = true }
    }
  }
}

extension Unicode.Scalar {
  /// Of ASCII.
  var decimalDigit: Int? {
    ("0"..."9").contains(self) ? Int(value - 48) : nil
  }
}
