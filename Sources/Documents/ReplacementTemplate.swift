internal import RegularExpressions

/// What takes the place of a match: for plain text itself, for an expression a text in which
/// `\1`, `$1`, `${1}` and `${name}` are groups, `\0`, `$0` and `$&` the match, `\n` a line end,
/// `\t` a tab, and `\\` and `$$` the characters themselves.
public struct ReplacementTemplate: Sendable, Equatable {
  private enum Part: Sendable, Equatable {
    case text([UInt8])
    /// 0 for the match.
    case group(Int)
  }

  private var parts: [Part] = []

  /// Line ends become `lineEnd`. Throws on a group that the pattern of `search` does not have, and
  /// on an escape that is none.
  public init(
    _ text: String, for search: Search, lineEnd: LineEnding
  ) throws(SearchError) {
    var reader = Reader(text, search.expression)
    while let character = reader.next() {
      switch character {
      case "\n", "\r\n", "\r": add(lineEnd.bytes)
      case "\\" where search.options.isExpression:
        switch try reader.escape() {
        case .group(let number): parts.append(.group(number))
        case .character("\n"): add(lineEnd.bytes)
        case .character(let character): add(Array(String(character).utf8))
        }
      case "$" where search.options.isExpression:
        if let number = try reader.dollar() {
          parts.append(.group(number))
        } else {
          add([UInt8(ascii: "$")])
        }
      default: add(Array(String(character).utf8))
      }
    }
  }

  private mutating func add(_ bytes: [UInt8]) {
    if case .text(let before)? = parts.last {
      parts[parts.count - 1] = .text(before + bytes)
    } else {
      parts.append(.text(bytes))
    }
  }

  /// Whether what takes the place of a match depends on it.
  var hasGroups: Bool { parts.contains { if case .group = $0 { true } else { false } } }

  /// The bytes that take the place of a match; groups that took no part are empty.
  func bytes(for hit: Search.Hit) -> [UInt8] {
    var result: [UInt8] = []
    for part in parts {
      switch part {
      case .text(let bytes): result += bytes
      case .group(0): result += hit.bytes[hit.local]
      case .group(let number):
        if hit.groups.indices.contains(number - 1), let range = hit.groups[number - 1] {
          result += hit.bytes[range]
        }
      }
    }
    return result
  }
}

extension ReplacementTemplate {
  /// Reads a template character by character.
  private struct Reader {
    enum Escape {
      case group(Int)
      case character(Character)
    }

    private let characters: [Character]
    private let expression: RegularExpression
    private var index = 0

    init(_ text: String, _ expression: RegularExpression) {
      characters = Array(text)
      self.expression = expression
    }

    private var present: Character? { index < characters.count ? characters[index] : nil }

    mutating func next() -> Character? {
      defer { index += 1 }
      return present
    }

    /// After a backslash.
    mutating func escape() throws(SearchError) -> Escape {
      guard let character = present else { throw fault("A backslash ends the text: write \\\\") }
      if character.isASCII, character.isNumber { return .group(try number()) }
      index += 1
      switch character {
      case "n": return .character("\n")
      case "t": return .character("\t")
      case _ where character.isLetter: throw fault("\\\(character) is no escape: write \\\\", at: 2)
      default: return .character(character)
      }
    }

    /// After a dollar sign: a group, or nil for the sign itself.
    mutating func dollar() throws(SearchError) -> Int? {
      guard let character = present else { return nil }
      if character.isASCII, character.isNumber { return try number() }
      switch character {
      case "&":
        index += 1
        return 0
      case "$":
        index += 1
        return nil
      case "{":
        let start = index + 1
        guard let end = characters[start...].firstIndex(of: "}") else {
          throw fault("${ needs a closing brace")
        }
        let name = String(characters[start..<end])
        index = end + 1
        if let number = Int(name) { return try known(number, at: start) }
        guard let number = expression.group(named: name) else {
          throw SearchError(description: "No group is named \(name)", place: start)
        }
        return number
      default: return nil
      }
    }

    /// One digit, or two where there are so many groups.
    private mutating func number() throws(SearchError) -> Int {
      let start = index
      var number = 0
      while let digit = present?.wholeNumberValue, present?.isASCII == true, index < start + 2,
        index == start || 10 * number + digit <= expression.groupCount
      {
        number = 10 * number + digit
        index += 1
      }
      return try known(number, at: start)
    }

    private func known(_ number: Int, at place: Int) throws(SearchError) -> Int {
      guard (0...expression.groupCount).contains(number) else {
        let count = expression.groupCount
        throw SearchError(
          description: count == 0
            ? "No group \(number): the expression has none"
            : "No group \(number): the expression has \(count)", place: place)
      }
      return number
    }

    private func fault(_ description: String, at back: Int = 1) -> SearchError {
      SearchError(description: description, place: index - back)
    }
  }
}
