internal import Strings

/// The patterns of one `.gitignore` file, as gitignore(5) defines them.
struct IgnoreRules: Equatable {
  private struct Rule: Equatable {
    /// Of paths below the folder of the rules.
    var pattern: Glob
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
    let path = path.joined(separator: "/")
    return rules.last { (isFolder || !$0.isFolderOnly) && $0.pattern.matches(path) }
      .map { !$0.isException }
  }

  private static func rule(_ line: String) -> Rule? {
    var pattern = withoutTrailingBlanks(line)
    guard !pattern.hasPrefix("#") else { return nil }
    let isException = pattern.hasPrefix("!")
    if isException { pattern.removeFirst() }
    let isFolderOnly = pattern.hasSuffix("/")
    let parts = pattern.split(separator: "/")
    guard !parts.isEmpty else { return nil }
    // A slash before the end binds the pattern to the folder of the rules.
    let start = pattern.dropLast().contains("/") ? "" : "**/"
    return Rule(
      pattern: Glob(start + parts.joined(separator: "/"), .ignoreFile), isFolderOnly: isFolderOnly,
      isException: isException)
  }

  private static func withoutTrailingBlanks(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" "), !line.hasSuffix("\\ ") { line.removeLast() }
    return line
  }
}
