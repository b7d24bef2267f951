import Documents
import Testing

@testable import Editing

@Suite struct ProseTests {
  @Test(arguments: [
    ("▮One two. Three four.\n\nFive.", ["Alt-Right"], "One two. ▮Three four.\n\nFive."),
    (
      "▮One two. Three four.\n\nFive.", ["Alt-Right", "Alt-Right"], "One two. Three four.\n\n▮Five."
    ),
    ("One. ▮Five.", ["Alt-Right"], "One. Five.▮"),
    ("One two. Three fo▮ur.", ["Alt-Left"], "One two. ▮Three four."),
    ("One two. ▮Three four.", ["Alt-Left"], "▮One two. Three four."),
    ("One.\n\n▮Three.", ["Alt-Left"], "▮One.\n\nThree."),
    ("▮One. Two.", ["Alt-Shift-Right"], "▯One. ▮Two."), ("▮", ["Alt-Left", "Alt-Right"], "▮"),
  ])
  func sentences(before: String, keys: [String], after: String) {
    var desk = Desk(before)
    for key in keys { desk.press(key) }
    #expect(desk.marked == after)
  }

  @Test func rewrapping() {
    var desk = Desk("Some words that are lo▮nger\nthan a\nline.\n\nOther   words.")
    desk.editor.settings.hardWrap = 20
    desk.press("Alt-Q")
    #expect(desk.marked == "Some words that are\nlo▮nger than a line.\n\nOther   words.")
    desk.press("Alt-Q")
    #expect(desk.editor.message == .isWrapped)
    desk.press("Ctrl-Z")
    #expect(desk.marked == "Some words that are lo▮nger\nthan a\nline.\n\nOther   words.")
    desk.press("Ctrl-A", "Alt-Q")
    #expect(desk.text == "Some words that are\nlonger than a line.\n\nOther words.")
    var blank = Desk("▮\n\na")
    blank.press("Alt-Q")
    #expect(blank.editor.message == .nothingToWrap)
  }

  @Test func counting() {
    var desk = Desk("One two, three. ▯Four f▮ive")
    desk.press("Alt-C")
    #expect(desk.editor.message?.text == "Selected: 2 words, 6 characters, 1 min to read")
    desk.press("Home", "Alt-C")
    #expect(desk.editor.message?.text == "5 words, 25 characters, 1 min to read")
  }

  /// The number in the status line is that of the text after any edits.
  @Test func theCountFollowsEdits() {
    var desk = Desk("one two\nthree\n\nfour▮")
    desk.editor.settings.showsWordCount = true
    for keys in [
      ["x"], ["Space"], ["y"], ["Enter"], ["Alt-Up"], ["Ctrl-Z"], ["Ctrl-A", "z"], ["Ctrl-Z"],
      ["Ctrl-Home", "Delete"], ["Ctrl-X"], ["Backspace"], ["Ctrl-V"], ["Ctrl-A", "Ctrl-D"],
      ["Ctrl-X"],
    ] {
      for key in keys { desk.press(key) }
      let text = desk.editor.document.text
      #expect(
        desk.editor.status.words == text.wordCount(in: 0..<text.count).words, "after \(keys)")
    }
  }

  @Test func quotes() {
    var desk = Desk("▮")
    desk.editor.settings.smartQuotes = SmartQuotes("“”‘’")
    desk.type("\"He said 'it's'\" (\"x\")")
    #expect(desk.text == "“He said ‘it’s’” (“x”)")
    #expect(SmartQuotes("“”") == nil && SmartQuotes("abcd") == nil)
    var plain = Desk("▮")
    plain.type("\"x\"")
    #expect(plain.text == "\"x\"")
  }

  @Test func codeKeepsItsQuotes() throws {
    var desk = Desk("▮", path: "a.c")
    desk.editor.settings.smartQuotes = SmartQuotes("“”‘’")
    desk.send(.language("c", .grammar(try SyntaxTests.grammar())))
    desk.type("\"x\"")
    #expect(desk.text == "\"x\"")
  }

  @Test func rowsEndAtTheWrapColumn() {
    var desk = Desk(String(repeating: "word ", count: 40))
    desk.editor.settings.wrapColumn = 30
    desk.press("Down")
    let rows = desk.editor.rows().filter { $0.kind == .text }
    #expect(rows.count == 7 && rows[0].range.count == 30)
  }

  @Test func focus() {
    var desk = Desk("One. T▮wo.\n\nThree.")
    #expect(desk.editor.focusedText == nil)
    desk.press("Alt-F")
    #expect(desk.editor.focusedText == 0..<9)
    desk.press("Alt-F")
    #expect(desk.editor.focusedText == 5..<9)
    desk.press("Alt-F")
    #expect(desk.editor.focusedText == nil)
  }
}
