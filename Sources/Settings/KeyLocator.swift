/// Finds the lines of keys in a TOML text, for messages; the parser has positions for syntax errors
/// only.
///
/// Reads headers, bare and quoted keys, and inline tables on one line. A key that it does not find
/// has no position.
struct KeyLocator {
  private let lines: [Substring]

  init(_ text: String) {
    // Character by character, CR LF is one line end.
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

  /// Line and column, both from 1, of the key at `path`, or of the nearest table around it.
  func place(of path: [String]) -> (line: Int, column: Int)? {
    for depth in stride(from: path.count, to: 0, by: -1) {
      if let found = exactPlace(Array(path.prefix(depth))) {
        guard depth < path.count else { return found }
        return within(found.line, after: found.column, path[depth]) ?? found
      }
    }
    return nil
  }

  /// Line and column of a key or of a table's header; nil for one that is in an inline table.
  func exactPlace(_ path: [String]) -> (line: Int, column: Int)? {
    var table: [String] = []
    for (number, line) in lines.enumerated() {
      let indent = line.prefix { $0 == " " || $0 == "\t" }.count
      let rest = line.dropFirst(indent)
      if rest.first == "[" {
        table = Self.keys(rest.drop { $0 == "[" }.prefix { $0 != "]" })
        if table == path { return (number + 1, indent + 1) }
      } else if rest.first != "#", let equals = rest.firstIndex(of: "="),
        table + Self.keys(rest[..<equals]) == path
      {
        return (number + 1, indent + 1)
      }
    }
    return nil
  }

  /// Line and column of a key of an inline table that a line has; nil where there is none.
  func inlinePlace(_ path: [String]) -> (line: Int, column: Int)? {
    guard let key = path.last, path.count > 1, let table = exactPlace(Array(path.dropLast())),
      lines[table.line - 1].drop(while: { $0 != "=" }).contains("{")
    else { return nil }
    return within(table.line, after: table.column, key)
  }

  /// The line, from 1, of a remark that has a key as it would be set: `# theme = "dark"`; nil without
  /// one.
  func remark(of path: [String]) -> Int? {
    var table: [String] = []
    for (number, line) in lines.enumerated() {
      let rest = line.drop { $0 == " " || $0 == "\t" }
      if rest.first == "[" {
        table = Self.keys(rest.drop { $0 == "[" }.prefix { $0 != "]" })
      } else if rest.first == "#", let equals = rest.firstIndex(of: "="),
        table + [rest[..<equals].drop { $0 == "#" || $0 == " " }.trimmed] == path
      {
        return number + 1
      }
    }
    return nil
  }

  /// The line, from 1, of the first header of a table.
  var firstHeader: Int? {
    lines.firstIndex { $0.first { $0 != " " && $0 != "\t" } == "[" }.map { $0 + 1 }
  }

  /// A key of an inline table.
  private func within(_ line: Int, after column: Int, _ key: String) -> (line: Int, column: Int)? {
    let text = Array(lines[line - 1])
    let name = Array(key)
    var start = column
    while start + name.count <= text.count {
      let end = start + name.count
      let isKey =
        text[start..<end].elementsEqual(name) && (start == 0 || !Self.isBare(text[start - 1]))
        && (end == text.count || !Self.isBare(text[end]))
      if isKey { return (line, start + 1) }
      start += 1
    }
    return nil
  }

  /// The parts of a key, without blanks around them and quotation marks.
  private static func keys(_ text: Substring) -> [String] {
    var parts = [""]
    var quote: Character?
    for character in text {
      switch character {
      case _ where character == quote: quote = nil
      case "\"" where quote == nil, "'" where quote == nil: quote = character
      case "." where quote == nil: parts.append("")
      case _ where quote == nil && character.isWhitespace: break
      default: parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  private static func isBare(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "-" || character == "_"
  }
}

extension Substring {
  /// Without blanks at its end.
  fileprivate var trimmed: String {
    String(prefix(count - reversed().prefix { $0 == " " || $0 == "\t" }.count))
  }
}
