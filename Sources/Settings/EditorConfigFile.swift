internal import Strings

/// The text of one `.editorconfig` file (editorconfig.org, version 0.17).
struct EditorConfigFile: Sendable {
  struct Property: Sendable, Equatable {
    /// In lower case.
    var name: String
    var value: String
    /// From 1.
    var line: Int
  }

  struct Section: Sendable {
    let pattern: Glob
    var properties: [Property] = []

    /// Of paths below the folder of the file. A pattern without a slash is one for names in any folder.
    init(_ text: String) {
      var pattern = text
      if pattern.hasPrefix("/") {
        pattern.removeFirst()
      } else if !pattern.contains("/") {
        pattern = "**/" + pattern
      }
      self.pattern = Glob(pattern, .editorConfig)
    }
  }

  /// Files in folders above do not count.
  private(set) var isRoot = false
  private(set) var sections: [Section] = []
  private(set) var faults: [SettingsError] = []

  /// What the format allows of names and values.
  private static let longestPattern = 4096
  private static let longestName = 1024
  private static let longestValue = 4096

  init(_ text: String, file: String) {
    var body = text[...]
    if body.hasPrefix("\u{FEFF}") { body.removeFirst() }
    var isFaulty = false
    let lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, raw) in lines.enumerated() {
      let line = Self.trimmed(raw)
      guard let first = line.first, first != "#", first != ";" else { continue }
      func fault(_ expected: String, _ found: String) {
        faults.append(
          SettingsError(file: file, line: index + 1, expected: expected, found: found))
      }
      if first == "[" {
        isFaulty = !line.hasSuffix("]") || line.count < 3 || line.utf8.count > Self.longestPattern
        if isFaulty {
          fault("[PATTERN]", String(line.prefix(80)).quotedForMessage)
        } else {
          sections.append(Section(String(line.dropFirst().dropLast())))
        }
        continue
      }
      // What follows a pattern that is none holds nowhere.
      if isFaulty { continue }
      let separator = line.firstIndex { $0 == "=" || $0 == ":" }
      let name = Self.trimmed(line[..<(separator ?? line.startIndex)]).lowercased()
      guard let separator, !name.isEmpty, name.utf8.count <= Self.longestName else {
        fault("NAME = VALUE", String(line.prefix(80)).quotedForMessage)
        continue
      }
      let value = String(Self.trimmed(line[line.index(after: separator)...]))
      guard value.utf8.count <= Self.longestValue else {
        fault("a value of at most \(Self.longestValue) bytes", "\(value.utf8.count)")
        continue
      }
      guard !sections.isEmpty else {
        if name == "root" { isRoot = value.lowercased() == "true" }
        continue
      }
      sections[sections.count - 1].properties.append(
        Property(name: name, value: value, line: index + 1))
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// What the file says of a path below its folder, in the order of the file.
  func properties(of path: String) -> [Property] {
    sections.filter { $0.pattern.matches(path) }.flatMap(\.properties)
  }
}
