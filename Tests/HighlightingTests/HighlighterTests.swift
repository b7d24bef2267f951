import TestSupport
import Testing

@testable import Highlighting

@Suite struct HighlighterTests {
  /// Comments that nest, strings of a line or more with escapes, words, and another language inside.
  private static func grammar(_ name: String = "test") throws -> Grammar {
    typealias Region = Grammar.Region
    return try Grammar(
      name: name,
      rules: [
        "comment": .init(
          .region(Region(begin: "/\\*", end: "\\*/", inside: ["comment"])), role: .comment),
        "string": .init(
          .region(Region(begin: "\"", end: "\"", inside: ["escape", "hole"], isOneLine: true)),
          role: .string),
        "text": .init(
          .region(Region(begin: "(#*)\"\"\"", end: "\"\"\"\\1", delimiter: .marker)), role: .string),
        "escape": .init(.pattern("\\\\[^(]"), role: .escape),
        "hole": .init(
          .region(Region(begin: "\\\\\\(", end: "\\)", delimiter: .operator, inside: ["start"]))),
        "word": .init(.words(["if", "iffy", "in"]), role: .keyword),
        "here": .init(
          .region(Region(begin: "<<(\\w+)", end: "^\\1$", beginsOnNextLine: true)), role: .code),
        "other": .init(
          .region(Region(begin: "@(\\w+)\\{", end: "\\}@", delimiter: .tag, language: "\\1"))),
      ], start: ["comment", "text", "string", "word", "here", "other"])
  }

  /// The tokens of lines as `role text`, and what is open at the end.
  private static func tokens(
    _ highlighter: inout Highlighter, _ text: String
  ) -> [[String]] {
    var state = Highlighter.State.initial
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let bytes = Array(line.utf8)
      let found = highlighter.line(bytes, from: state)
      state = found.end
      return found.tokens.map {
        "\($0.role.rawValue) " + String(decoding: bytes[$0.range], as: UTF8.self)
      }
    }
  }

  private static func tokens(_ text: String) throws -> [[String]] {
    var highlighter = Highlighter(try grammar())
    return tokens(&highlighter, text)
  }

  @Test func wordsAreWhole() throws {
    #expect(try Self.tokens("if iffy iff in") == [["keyword if", "keyword iffy", "keyword in"]])
    #expect(try Self.tokens("éif ifé $if") == [[]])
  }

  @Test func commentsNestOverLines() throws {
    #expect(
      try Self.tokens("/* a /* if\n*/ if */ if")
        == [["comment /* a /* if"], ["comment */ if */", "keyword if"]])
  }

  @Test func aStringEndsWithItsLine() throws {
    #expect(
      try Self.tokens("\"a\\n if\nif")
        == [["string \"a", "escape \\n", "string  if"], ["keyword if"]])
  }

  @Test func textEndsAsItBegan() throws {
    #expect(
      try Self.tokens("##\"\"\"a\n\"\"\"# if\n\"\"\"## if")
        == [
          ["marker ##\"\"\"", "string a"], ["string \"\"\"# if"],
          ["marker \"\"\"##", "keyword if"],
        ])
  }

  @Test func aHoleInAStringIsCode() throws {
    #expect(
      try Self.tokens("\"a\\(if \"b\")c\"")
        == [
          ["string \"a", "operator \\(", "keyword if", "string \"b\"", "operator )", "string c\""]
        ])
  }

  @Test func aRegionMayBeginWithTheNextLine() throws {
    #expect(
      try Self.tokens("<<EOF if\nif\nEOF\nif")
        == [["code <<EOF", "keyword if"], ["code if"], ["code EOF"], ["keyword if"]])
  }

  @Test func anotherLanguageEndsWithItsRegion() throws {
    var highlighter = Highlighter(try Self.grammar())
    // Unknown: plain, and asked for.
    #expect(
      Self.tokens(&highlighter, "@inner{ if }@ if") == [["tag @inner{", "tag }@", "keyword if"]])
    #expect(highlighter.wanted == ["inner"])
    highlighter = highlighter.adding(try Self.grammar("inner"), named: "inner")
    #expect(highlighter.wanted == [])
    #expect(
      Self.tokens(&highlighter, "@inner{ if /*\nif }@ if")
        == [["tag @inner{", "keyword if", "comment /*"], ["comment if ", "tag }@", "keyword if"]])
    var without = Highlighter(try Self.grammar()).adding(nil, named: "inner")
    _ = Self.tokens(&without, "@inner{ }@")
    #expect(without.wanted == [])
  }

  @Test func bytesThatAreNotTextDoNotMove() throws {
    var highlighter = Highlighter(try Self.grammar())
    let line = highlighter.line([0xFF, 0x20] + Array("if".utf8) + [0xE2, 0x82], from: .initial)
    #expect(line.tokens == [Highlighter.Token(range: 2..<4, role: .keyword)])
  }

  @Test func patternsThatBacktrackEndTheHighlighting() throws {
    let grammar = try Grammar(
      name: "costly", rules: ["slow": .init(.pattern("(?:a+)+[^a]"), role: .error)], start: ["slow"]
    )
    var highlighter = Highlighter(grammar)
    for number in 1...20 {
      let line = highlighter.line(
        Array(repeating: UInt8(ascii: "a"), count: 100 + number), from: .initial)
      #expect(line.tokens == [])
    }
    #expect(highlighter.abandoned == "costly")
  }

  @Test func faultsNameTheRule() {
    func fault(_ rules: [String: Grammar.Rule], start: [String]) -> GrammarError? {
      do {
        _ = try Grammar(name: "x", rules: rules, start: start)
        return nil
      } catch {
        return error
      }
    }
    #expect(fault(["a": .init(.pattern("("))], start: ["a"])?.rule == "a")
    #expect(fault([:], start: ["b"])?.key == "start")
    let region = Grammar.Region(begin: "a", end: "b", inside: ["nowhere"])
    #expect(fault(["a": .init(.region(region))], start: ["a"])?.key == "inside")
  }

  /// After edits, states are those that reading from the top gives.
  @Test func statesAgreeWithThoseFromTheTop() throws {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    let pieces = ["/*", "*/", "\"\"\"", "if", "", "#\"\"\"", "<<A", "A", "\"x"]
    var lines = (0..<40).map { _ in pieces[random.below(pieces.count)] }
    var highlighter = Highlighter(try Self.grammar())
    var states = LineStates()
    for _ in 0..<300 {
      let first = random.below(lines.count)
      let last = min(lines.count - 1, first + random.below(4))
      let new = (0...random.below(4)).map { _ in pieces[random.below(pieces.count)] }
      lines.replaceSubrange(first...last, with: new)
      states.replace(lines: first...last, with: new.count)
      let wanted = random.below(lines.count)
      let budget = random.below(3) == 0 ? 200 : 100_000
      let isKnown = states.advance(to: wanted, budget: budget, &highlighter) {
        $0 < lines.count ? Array(lines[$0].utf8) : nil
      }
      #expect(isKnown || budget == 200)
      var expected = Highlighter.State.initial
      for line in lines.indices {
        if let state = states.state(atLine: line) {
          #expect(state == expected, "seed \(seed), line \(line)")
        }
        expected = highlighter.end(of: Array(lines[line].utf8), from: expected)
      }
    }
  }

  @Test(arguments: [
    ("a/main.swift", "", "swift"), ("Makefile.md", "", "markdown"), ("x.h", "", "c"),
    ("README", "", "markdown"), ("COMMIT_EDITMSG", "", "git-commit"), ("run", "#!/bin/sh", "shell"),
    ("run", "#!/usr/bin/env -S python3.11 -u", "python"), ("run", "#!/usr/bin/node", "javascript"),
    ("a.TOML", "", "toml"), ("a.xml", "", "html"), (".bashrc", "", "shell"),
  ])
  func languages(path: String, firstLine: String, language: String) {
    #expect(LanguageNames.name(forFile: path, firstLine: firstLine) == language)
  }

  @Test func filesWithoutLanguage() {
    for path in ["note.txt", "letter", "a.b.c.unknown", ".swift-version"] {
      #expect(LanguageNames.name(forFile: path, firstLine: "Dear Marta") == nil, "\(path)")
    }
    #expect(LanguageNames.name(forFile: nil, firstLine: "") == nil)
  }

  @Test func patternsOfTheUserGoFirst() {
    let patterns = [
      LanguageNames.FilePattern("*.tpl.*", "html"), .init("note*", "markdown"),
      .init("*.zig", "zig"),
    ]
    func name(_ path: String) -> String? {
      LanguageNames.name(forFile: path, firstLine: "", patterns: patterns)
    }
    #expect(
      name("d/a.tpl.py") == "html" && name("notes.txt") == "markdown" && name("a.py") == "python")
    #expect(name("a.zig") == "zig" && name("anote") == nil)
  }
}
