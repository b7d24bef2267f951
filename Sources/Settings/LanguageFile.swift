internal import Highlighting

/// The rules of a language as a TOML file; `Docs/Languages.md` describes the format.
///
/// A file that extends another language has the rules of that one, too; its own come in place of
/// those of the same name.
struct LanguageFile {
  private var reader: SettingsReader
  private var name: String
  private var comments = Grammar.Comments()
  private var rules: [String: Grammar.Rule] = [:]
  private var start: [String] = []

  /// Languages that extend one another, at most.
  private static let longestChain = 4

  /// Reads a language by name. `find` returns the file and its text, nil if there is none.
  static func read(
    _ name: String, find: (String) -> (path: String, text: String)?, depth: Int = 0
  ) throws(SettingsError) -> LanguageFile? {
    guard let (path, text) = find(name) else { return nil }
    var file = LanguageFile(reader: try SettingsReader(text, file: path), name: name)
    if let base = file.reader.string("extends") {
      guard depth < Self.longestChain else {
        throw file.reader.failure(
          ["extends"], expected: "a language that does not extend this one", found: base)
      }
      guard let found = try read(base, find: find, depth: depth + 1) else {
        throw file.reader.failure(
          ["extends"], expected: "the name of a language", found: "\u{201c}\(base)\u{201d}")
      }
      file.comments = found.comments
      file.rules = found.rules
      file.start = found.start
    }
    file.readRules()
    if let fault = file.reader.warnings.first { throw fault }
    return file
  }

  private init(reader: SettingsReader, name: String) {
    self.reader = reader
    self.name = name
  }

  /// Throws for a pattern that does not compile, and for the name of a rule that does not exist.
  func grammar() throws(SettingsError) -> Grammar {
    do {
      return try Grammar(name: name, comments: comments, rules: rules, start: start)
    } catch {
      let path = [error.rule == nil ? nil : "rules", error.rule, error.key].compactMap(\.self)
      throw reader.failure(
        path, expected: error.expected, found: "\u{201c}\(error.found)\u{201d}")
    }
  }

  private mutating func readRules() {
    if let given = reader.string("name"), given != name {
      reader.warn(["name"], expected: "the name of the file, \(name)", found: given)
    }
    if let line = reader.string("line-comment") { comments.line = line }
    if let marks = reader.strings("block-comment") {
      if marks.count == 2 {
        comments.block = Grammar.Comments.Block(open: marks[0], close: marks[1])
      } else {
        reader.warn(["block-comment"], expected: "two strings", found: "\(marks.count)")
      }
    }
    if let names = reader.strings("start") { start = names }
    for rule in reader.keys("rules") {
      if let read = readRule(rule) { rules[rule] = read }
    }
    reader.finish()
  }

  private mutating func readRule(_ name: String) -> Grammar.Rule? {
    let role = readRole(name, "role")
    let ignoresCase = reader.bool("rules", name, "ignore-case") ?? false
    let match = reader.string("rules", name, "match")
    let words = reader.string("rules", name, "words")
    let begin = reader.string("rules", name, "begin")
    let kind: Grammar.Rule.Kind
    switch (match, words, begin) {
    case (let match?, nil, nil): kind = .pattern(match)
    case (nil, let words?, nil):
      kind = .words(words.split(whereSeparator: \.isWhitespace).map(String.init))
    case (nil, nil, let begin?):
      guard let region = readRegion(name, begin) else { return nil }
      kind = .region(region)
    default:
      reader.warn(
        ["rules", name], expected: "one of match, words and begin",
        found: match == nil && words == nil && begin == nil ? "none" : "several")
      return nil
    }
    return Grammar.Rule(kind, role: role, ignoresCase: ignoresCase)
  }

  private mutating func readRegion(_ name: String, _ begin: String) -> Grammar.Region? {
    guard let end = reader.string("rules", name, "end") else {
      reader.warn(["rules", name, "end"], expected: "where the region ends", found: "nothing")
      return nil
    }
    return Grammar.Region(
      begin: begin, end: end, delimiter: readRole(name, "delimiter"),
      inside: reader.strings("rules", name, "inside") ?? [],
      language: reader.string("rules", name, "language"),
      isOneLine: reader.bool("rules", name, "one-line") ?? false,
      continuation: reader.string("rules", name, "continued-by"),
      beginsOnNextLine: reader.bool("rules", name, "from-next-line") ?? false)
  }

  private mutating func readRole(_ name: String, _ key: String) -> SyntaxRole? {
    guard let text = reader.string("rules", name, key) else { return nil }
    if let role = SyntaxRole(rawValue: text) { return role }
    reader.warn(
      ["rules", name, key],
      expected: SyntaxRole.allCases.map(\.rawValue).joined(separator: ", "),
      found: "\u{201c}\(text)\u{201d}")
    return nil
  }
}
