internal import Glibc

/// The patterns of one `.gitignore` file, as gitignore(5) defines them.
struct IgnoreRules: Equatable {
  private struct Rule: Equatable {
    /// Parts between slashes; `**` stands for any number of folders.
    var parts: [String]
    var isFolderOnly: Bool
    /// A file that an earlier rule ignores is not ignored.
    var isException: Bool
  }

  private var rules: [Rule]

  init(_ text: String) {
    rules = text.split(whereSeparator: \.isNewline).compactMap { Self.rule(String($0)) }
  }

  var isEmpty: Bool { rules.isEmpty }

  /// Whether a path below the folder of the rules is ignored; nil when no rule is about it.
  func ignores(_ path: [String], isFolder: Bool) -> Bool? {
    rules.last { (isFolder || !$0.isFolderOnly) && Self.matches($0.parts[...], path[...]) }
      .map { !$0.isException }
  }

  private static func rule(_ line: String) -> Rule? {
    var pattern = withoutTrailingBlanks(line)
    guard !pattern.hasPrefix("#") else { return nil }
    let isException = pattern.hasPrefix("!")
    if isException { pattern.removeFirst() }
    let isFolderOnly = pattern.hasSuffix("/")
    var parts = pattern.split(separator: "/").map(String.init)
    guard !parts.isEmpty else { return nil }
    // A slash before the end binds the pattern to the folder of the rules.
    if !pattern.dropLast().contains("/") { parts.insert("**", at: 0) }
    return Rule(parts: parts, isFolderOnly: isFolderOnly, isException: isException)
  }

  private static func withoutTrailingBlanks(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" "), !line.hasSuffix("\\ ") { line.removeLast() }
    return line
  }

  private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
    guard let part = pattern.first else { return path.isEmpty }
    let rest = pattern.dropFirst()
    if part == "**" {
      // At the end: everything below a folder, not the folder itself.
      if rest.isEmpty { return !path.isEmpty }
      return (0...path.count).contains { matches(rest, path.dropFirst($0)) }
    }
    guard let name = path.first, unsafe fnmatch(part, name, 0) == 0 else { return false }
    return matches(rest, path.dropFirst())
  }
}
