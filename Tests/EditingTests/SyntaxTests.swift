import Documents
import Highlighting
import Testing

@testable import Editing

@Suite struct SyntaxTests {
  static func grammar(_ name: String = "c") throws -> Grammar {
    try Grammar(
      name: name, comments: .init(line: "//", block: .init(open: "/*", close: "*/")),
      rules: [
        "comment": .init(.region(.init(begin: "/\\*", end: "\\*/")), role: .comment),
        "string": .init(.region(.init(begin: "\"", end: "\"", isOneLine: true)), role: .string),
        "word": .init(.words(["if"]), role: .keyword),
        "fence": .init(
          .region(.init(begin: "^```(\\w*)", end: "^```", delimiter: .marker, language: "\\1")),
          role: .code),
      ], start: ["fence", "comment", "string", "word"])
  }

  /// A desk with the text highlighted.
  private func desk(_ text: String, path: String = "a.c") throws -> Desk {
    var desk = Desk(text, path: path)
    desk.send(.language(path.hasSuffix(".md") ? "markdown" : "c", .grammar(try Self.grammar())))
    return desk
  }

  private func spans(_ desk: Desk) -> [String] {
    desk.editor.syntaxSpans.map {
      "\($0.role.rawValue) " + desk.editor.document.text.string(in: $0.range)
    }
  }

  private func wanted(_ desk: Desk) -> [String] {
    desk.effects.compactMap { if case .loadLanguage(let name) = $0 { name } else { nil } }
  }

  @Test func theLanguageIsThatOfTheFile() throws {
    #expect(wanted(Desk("if", path: "a.c")) == ["c"])
    #expect(wanted(Desk("if", path: "a.txt")) == [])
    #expect(wanted(Desk("#!/bin/sh\n", path: "run")) == ["shell"])
    #expect(spans(try desk("if x /* if */")) == ["keyword if", "comment /* if */"])
  }

  @Test func typingChangesWhatFollows() throws {
    var desk = try desk("▮\nif\n*/ if\nif")
    #expect(spans(desk) == ["keyword if", "keyword if", "keyword if"])
    desk.type("/*")
    #expect(spans(desk) == ["comment /*", "comment if", "comment */", "keyword if", "keyword if"])
    desk.press("Ctrl-Z")
    #expect(spans(desk) == ["keyword if", "keyword if", "keyword if"])
    desk.press("Ctrl-A", "Delete")
    #expect(spans(desk) == [])
  }

  @Test func aLongDocumentIsScannedInParts() throws {
    let lines = "/* \n" + String(repeating: "words and more words of a comment\n", count: 20_000)
    var desk = try desk(lines)
    desk.press("Ctrl-End")
    // Not known yet: what is before the window decides.
    #expect(desk.editor.syntaxSpans.isEmpty)
    var steps = 0
    while desk.timers.contains(.highlighting) {
      desk.timers.removeAll { $0 == .highlighting }
      desk.send(.woke(.highlighting))
      steps += 1
    }
    #expect(steps > 10)
    #expect(desk.editor.syntaxSpans.first?.role == .comment)
    // The states agree again after the edited line: nothing waits.
    desk.press("Ctrl-Home", "End", "x", "Ctrl-End")
    #expect(!desk.timers.contains(.highlighting))
    #expect(desk.editor.syntaxSpans.first?.role == .comment)
  }

  @Test func aLineIsLookedAtAsFarAsTheGuard() throws {
    let long = String(repeating: "if ", count: 5000)
    let desk = try desk(long)
    #expect(desk.editor.syntaxSpans.allSatisfy { $0.range.upperBound <= Highlighter.longestLine })
    #expect(!desk.editor.syntaxSpans.isEmpty)
  }

  @Test func embeddedLanguagesAreLoaded() throws {
    var desk = try desk("```inner\nif\n```\nif", path: "a.md")
    #expect(wanted(desk) == ["markdown", "inner"])
    #expect(spans(desk).contains("code if"))
    desk.send(.language("inner", .grammar(try Self.grammar("inner"))))
    #expect(spans(desk) == ["marker ```inner", "keyword if", "marker ```", "keyword if"])
    #expect(wanted(desk) == ["markdown", "inner"])
  }

  @Test func theLanguageCanBeChosen() throws {
    var desk = Desk("if", path: "a.txt")
    func choose(_ name: String) {
      desk.press("Ctrl-P")
      desk.type("choose the language")
      desk.press("Enter", "Ctrl-A")
      desk.type(name)
      desk.press("Enter")
    }
    choose("py")
    #expect(wanted(desk) == ["python"])
    desk.send(.language("python", .missing))
    #expect(desk.editor.message == .noLanguage("python"))
    desk.send(.language("python", .grammar(try Self.grammar("python"))))
    #expect(desk.editor.syntaxSpans.isEmpty)
    choose("c")
    desk.send(.language("c", .failed("c.toml:1:1: a fault")))
    #expect(desk.editor.message == .failure("c.toml:1:1: a fault"))
    choose("text")
    #expect(wanted(desk) == ["python", "c"])
  }

  @Test func settingsDecideToo() {
    var editor = Editor(document: Document("x", path: "a.zig"))
    editor.settings.languages = [.init("*.zig", "c")]
    #expect(editor.update(.linesCounted).contains(.loadLanguage("c")))
    var plain = Editor(document: Document("x", path: "a.c"))
    plain.settings.highlights = false
    #expect(plain.update(.linesCounted) == [])
  }

  // MARK: Brackets

  @Test(
    arguments: [
      ("▮(a(b)c)", 6), ("(a(b)c)▮", 0), ("(a▮(b)c)", 4), ("[{▮}]", 1), ("a▮b", nil), ("(▮", nil),
      ("▮(\n\n[)\n)", 4),
    ] as [(String, Int?)])
  func brackets(text: String, partner: Int?) {
    var desk = Desk(text)
    #expect(desk.editor.bracketPair.last == partner)
    desk.press("Alt-M")
    #expect(
      partner == nil ? desk.editor.message == .noBracket : desk.editor.selection.head == partner)
  }

  @Test func bracketsInStringsAreOthers() throws {
    #expect(try desk("▮(\")\")").editor.bracketPair == [0, 4])
    #expect(try desk("(\"▮()\")").editor.bracketPair == [2, 3])
  }

  @Test func farBracketsAreFoundByTheCommandAlone() {
    var desk = Desk("▮(" + String(repeating: "x", count: 40_000) + ")")
    #expect(desk.editor.bracketPair == [])
    desk.press("Alt-M")
    #expect(desk.editor.selection.head == 40_001)
  }

  // MARK: Lines

  @Test(arguments: [
    ("  a\n▮b", "  a\n// ▮b"), ("▯  a\n\n b▮", "▯ //  a\n\n // b▮"), ("// a▮", "a▮"),
    ("▯//a\n  // b▮", "▯a\n  b▮"), ("▯//a\nb▮", "▯// //a\n// b▮"), ("▮", "// ▮"),
  ])
  func comments(before: String, after: String) throws {
    var desk = try desk(before)
    desk.press("Alt-/")
    #expect(desk.marked.replacing("▯", with: "") == after.replacing("▯", with: ""))
    desk.press("Ctrl-Z")
    #expect(desk.marked == before)
  }

  @Test func commentsWithAnEnd() throws {
    var desk = Desk("  a▮\n", path: "a.css")
    let block = Grammar.Comments(block: .init(open: "/*", close: "*/"))
    desk.send(
      .language("css", .grammar(try Grammar(name: "css", comments: block, rules: [:], start: []))))
    desk.press("Ctrl-_")
    #expect(desk.text == "  /* a */\n")
    desk.press("Alt-/")
    #expect(desk.text == "  a\n")
    var plain = Desk("a")
    plain.press("Alt-/")
    #expect(plain.editor.message == .noComments && plain.text == "a")
  }

  @Test(arguments: [
    ("a▮b\nc", "Ctrl-D", "ab\na▮b\nc"), ("x▯y▮z", "Ctrl-D", "xy▯y▮z"),
    ("a\nb▮", "Ctrl-D", "a\nb\nb▮"),
    ("a▯\nb▮\nc", "Ctrl-D", "a\nb\na▯\nb▮\nc"), ("a▮\nb", "Alt-Down", "b\na▮"),
    ("a\nb▮", "Alt-Up", "b▮\na"), ("a\nb▮\nc", "Alt-Up", "b▮\na\nc"),
    ("a\n▮b", "Alt-Down", "a\n▮b"),
    ("▮a\nb", "Alt-Up", "▮a\nb"), ("▯a\nb\n▮c\n", "Alt-Down", "c\n▯a\nb\n▮"),
    ("a\r\nb▮", "Alt-Up", "b▮\r\na"), ("a▮\r\nb", "Alt-Down", "b\r\na▮"),
    ("a▮\n", "Alt-Down", "a▮\n"),
  ])
  func lines(before: String, key: String, after: String) {
    var desk = Desk(before)
    desk.press(key)
    #expect(desk.marked == after)
    if before != after {
      desk.press("Ctrl-Z")
      #expect(desk.marked == before)
    }
  }
}
