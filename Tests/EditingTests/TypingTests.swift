import Documents
import Editing
import Testing

@Suite struct TypingTests {
  @Test(arguments: [
    ("a▮c", ["b"], "ab▮c"), ("a▯b▮c", ["x"], "ax▮c"), ("ab▮c", ["Backspace"], "a▮c"),
    ("a▮bc", ["Delete"], "a▮c"), ("a▯b▮c", ["Backspace"], "a▮c"),
    ("one two▮", ["Ctrl-Backspace"], "one ▮"), ("▮one two", ["Ctrl-Delete"], "▮ two"),
    ("👩‍👩‍👧▮x", ["Backspace"], "▮x"), ("  ab▮", ["Enter"], "  ab\n  ▮"),
    (" ▮ ab", ["Enter"], " \n ▮ ab"), ("a▮", ["Tab"], "a   ▮"), ("\tx\na▮", ["Tab"], "\tx\na\t▮"),
    ("        ▮x", ["Backspace"], "    ▮x"), ("    ▮x", ["Shift-Tab"], "▮x"),
    ("▯a\nb▮", ["Tab"], "    ▯a\n    b▮"), ("    ▯a\n  b▮", ["Shift-Tab"], "▯a\nb▮"),
    ("▮abc", ["Insert", "x"], "x▮bc"), ("▮日c", ["Insert", "x"], "x▮c"),
    ("ab▮\ncd", ["Insert", "x"], "abx▮\ncd"), ("a\r\n▮b", ["Backspace"], "a▮b"),
    ("a▮\r\nb", ["Enter"], "a\r\n▮\r\nb"),
  ])
  func edits(_ before: String, _ keys: [String], _ after: String) {
    var desk = Desk(before)
    for key in keys { desk.press(key) }
    #expect(desk.marked == after)
  }

  @Test func aWordIsOneUndoNode() {
    var desk = Desk("▮")
    desk.type("one two")
    desk.press("Ctrl-Z")
    #expect(desk.marked == "one ▮")
    desk.press("Ctrl-Z")
    #expect(desk.marked == "▮")
    desk.press("Ctrl-Y", "Ctrl-Y")
    #expect(desk.marked == "one two▮")
  }

  @Test func movingEndsTheUndoNode() {
    var desk = Desk("▮")
    desk.type("ab")
    desk.press("Left", "Right")
    desk.type("cd")
    desk.press("Ctrl-Z")
    #expect(desk.text == "ab")
  }

  @Test func noBranchOfUndoIsLost() {
    var desk = Desk("▮")
    desk.type("left")
    desk.press("Ctrl-Z")
    desk.type("right")
    #expect(desk.text == "right")
    desk.press("Alt-Y")
    #expect(desk.text == "left")
  }

  @Test func undoGivesTheSelectionBack() {
    var desk = Desk("a▯bc▮d")
    desk.type("x")
    desk.press("Ctrl-Z")
    #expect(desk.marked == "a▯bc▮d")
  }

  @Test func aCombiningMarkJoinsTheLetterBefore() {
    var desk = Desk("e▮x")
    desk.type("\u{301}")
    #expect(desk.marked == "e\u{301}▮x")
    desk.press("Backspace")
    #expect(desk.marked == "▮x")
  }

  @Test func aReadOnlyDocumentStaysAsItIs() {
    var editor = Editor(document: Document(contents: Array("ab".utf8), isReadOnly: true))
    for key in [
      "x", "Right", "Backspace", "Delete", "Enter", "Ctrl-X", "Tab", "Ctrl-Z", "Alt-Enter",
    ] {
      _ = editor.update(.key(Key(key)!))
      if key != "Right" { #expect(editor.message?.kind == .warning, "\(key)") }
    }
    #expect(editor.document.text.description == "ab")
    #expect(editor.passages.isEmpty)
  }

  @Test func pasteIsOneNodeWithoutIndent() {
    var desk = Desk("  a▮")
    desk.send(.paste("x\n  y\nz"))
    #expect(desk.marked == "  ax\n  y\nz▮")
    desk.press("Ctrl-Z")
    #expect(desk.marked == "  a▮")
  }

  @Test func pasteTakesTheLineEndsOfTheDocument() {
    var desk = Desk("a\r\n▮b\r\n")
    desk.send(.paste("x\ny\n"))
    #expect(desk.text == "a\r\nx\r\ny\r\nb\r\n")
  }

  @Test func cutAndCopyTakeTheLineWhenNothingIsSelected() {
    var desk = Desk("one\nt▮wo\nthree")
    desk.press("Ctrl-C")
    #expect(desk.copied == "two\n")
    desk.press("Ctrl-X")
    #expect(desk.marked == "one\n▮three")
    desk.press("Ctrl-V")
    #expect(desk.marked == "one\ntwo\n▮three")
    desk.press("Shift-Down", "Ctrl-X")
    #expect(desk.copied == "three")
  }
}
