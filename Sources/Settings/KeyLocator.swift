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

  private func exactPlace(_ path: [String]) -> (line: Int, column: Int)? {
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

  private static func keys(_ text: Substring) -> [String] {
    text.split(separator: ".").map { part in
      String(part.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
    }
  }

  private static func isBare(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "-" || character == "_"
  }
}
