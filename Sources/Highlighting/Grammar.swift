internal import RegularExpressions

/// The rules by which the text of one language is highlighted: a rule file.
///
/// A rule is a pattern, a list of words, or a region: what lies between a `begin` and an `end`, on
/// one line or many, with rules of its own. At each place the first rule of the present list whose
/// pattern matches counts; of several places, the leftmost.
public struct Grammar: Sendable, Equatable {
  public struct Rule: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
      case pattern(String)
      /// Whole words.
      case words([String])
      case region(Region)
    }

    public var kind: Kind
    /// Of the match; of a region, what is in it. Nil looks like text.
    public var role: SyntaxRole?
    public var ignoresCase: Bool

    public init(_ kind: Kind, role: SyntaxRole? = nil, ignoresCase: Bool = false) {
      self.kind = kind
      self.role = role
      self.ignoresCase = ignoresCase
    }
  }

  public struct Region: Sendable, Equatable {
    public var begin: String
    /// `\1` to `\9` are what the groups of `begin` matched.
    public var end: String
    /// Of what `begin` and `end` match; nil: that of the region.
    public var delimiter: SyntaxRole?
    /// Names of the rules inside; `start` is all of the grammar's.
    public var inside: [String]
    /// The region is text of another language, named here or by a group (`\2`), until the first `end`.
    public var language: String?
    /// Ends with its line at the latest, unless that ends in `continuation`.
    public var isOneLine: Bool
    public var continuation: String?
    /// Begins with the line after `begin`.
    public var beginsOnNextLine: Bool

    public init(
      begin: String, end: String, delimiter: SyntaxRole? = nil, inside: [String] = [],
      language: String? = nil, isOneLine: Bool = false, continuation: String? = nil,
      beginsOnNextLine: Bool = false
    ) {
      self.begin = begin
      self.end = end
      self.delimiter = delimiter
      self.inside = inside
      self.language = language
      self.isOneLine = isOneLine
      self.continuation = continuation
      self.beginsOnNextLine = beginsOnNextLine
    }
  }

  /// How comments are written, for the command that makes them.
  public struct Comments: Sendable, Equatable {
    /// What a comment that ends with its line begins with.
    public var line: String?
    /// What other comments begin and end with.
    public var block: Block?

    public struct Block: Sendable, Equatable {
      public var open: String
      public var close: String

      public init(open: String, close: String) {
        self.open = open
        self.close = close
      }
    }

    public init(line: String? = nil, block: Block? = nil) {
      self.line = line
      self.block = block
    }
  }

  public let name: String
  public let comments: Comments
  public let rules: [String: Rule]
  /// Names of the rules outside of regions, the first with precedence.
  public let start: [String]

  /// The name, among the rules of a region, of all that the grammar starts with.
  public static let startName = "start"

  static let mostRules = 200
  static let longestPattern = 10_000

  /// Throws for a pattern that does not compile and for the name of a rule that does not exist.
  public init(
    name: String, comments: Comments = Comments(), rules: [String: Rule], start: [String]
  ) throws(GrammarError) {
    self.name = name
    self.comments = comments
    self.rules = rules
    self.start = start
    guard rules.count <= Self.mostRules else {
      throw GrammarError(expected: "at most \(Self.mostRules) rules", found: "\(rules.count)")
    }
    for name in start where rules[name] == nil {
      throw GrammarError(key: "start", expected: "names of rules", found: name)
    }
    for (name, rule) in rules.sorted(by: { $0.key < $1.key }) { try check(rule, name) }
  }

  private func check(_ rule: Rule, _ name: String) throws(GrammarError) {
    switch rule.kind {
    case .pattern(let pattern): try Self.check(pattern, name, "match")
    case .words(let words):
      guard !words.isEmpty else {
        throw GrammarError(rule: name, key: "words", expected: "words", found: "none")
      }
      try Self.check(rule.pattern, name, "words")
    case .region(let region):
      try Self.check(region.begin, name, "begin")
      try Self.check(region.end(with: { _ in "x" }), name, "end")
      for inner in region.inside where inner != Self.startName && rules[inner] == nil {
        throw GrammarError(rule: name, key: "inside", expected: "names of rules", found: inner)
      }
    }
  }

  private static func check(
    _ pattern: String, _ rule: String, _ key: String
  ) throws(GrammarError) {
    guard pattern.utf8.count <= longestPattern else {
      throw GrammarError(
        rule: rule, key: key, expected: "at most \(longestPattern) bytes",
        found: "\(pattern.utf8.count)")
    }
    do {
      _ = try PatternSet([pattern])
    } catch {
      throw GrammarError(
        rule: rule, key: key, expected: "a regular expression", found: error.message)
    }
  }
}

/// A fault of a rule file.
public struct GrammarError: Error, Sendable, Equatable {
  /// Where it is; nil outside of the rules.
  public var rule: String?
  public var key: String?
  public var expected: String
  public var found: String

  init(rule: String? = nil, key: String? = nil, expected: String, found: String) {
    self.rule = rule
    self.key = key
    self.expected = expected
    self.found = found
  }
}

extension Grammar.Rule {
  /// What finds the rule; of a region, its beginning.
  var pattern: String {
    let pattern =
      switch kind {
      case .pattern(let pattern): pattern
      case .words(let words): Self.pattern(of: words)
      case .region(let region): region.begin
      }
    return ignoresCase ? "(?i:\(pattern))" : pattern
  }

  /// Grouped by first letter, so that a word is compared with few others.
  private static func pattern(of words: [String]) -> String {
    let groups = Dictionary(grouping: Set(words)) { String($0.prefix(1)) }
    let branches = groups.sorted { $0.key < $1.key }.map { first, words in
      let rests = words.map { RegularExpression.escaped(String($0.dropFirst())) }
      // The longer one first: there may be no boundary after the shorter one.
      let sorted = rests.sorted { ($1.count, $0) < ($0.count, $1) }
      return RegularExpression.escaped(first) + "(?:" + sorted.joined(separator: "|") + ")"
    }
    return "(?<![\\w$])(?:" + branches.joined(separator: "|") + ")(?![\\w$])"
  }
}

extension Grammar.Region {
  /// The pattern of the end, with `\1` to `\9` replaced by what `group` returns for them.
  func end(with group: (Int) -> String) -> String {
    Self.replacing(end) { RegularExpression.escaped(group($0)) }
  }

  /// Whether the end depends on what `begin` matched.
  var endRefersToBegin: Bool { end(with: { _ in "" }) != end(with: { _ in "x" }) }

  /// The name of the language inside.
  func language(with group: (Int) -> String) -> String? {
    language.map { Self.replacing($0, group) }
  }

  private static func replacing(_ text: String, _ group: (Int) -> String) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      if isEscaped {
        let digit = character.isASCII ? character.wholeNumberValue : nil
        result += digit.flatMap { $0 > 0 ? group($0) : nil } ?? "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return isEscaped ? result + "\\" : result
  }
}
