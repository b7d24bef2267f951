import Documents
import Testing

@testable import Editing

/// What a document's style does to it.
@Suite struct StyleTests {
  private func desk(_ text: String, _ change: (inout DocumentStyle) -> Void) -> Desk {
    var desk = Desk(text)
    var style = DocumentStyle()
    change(&style)
    desk.send(.style(style))
    return desk
  }

  @Test func tabInsertsTheIndentOfTheStyle() {
    var blanks = desk("\tx\n▮y") {
      $0.indent = .blanks
      $0.indentWidth = 2
      $0.tabWidth = 8
    }
    blanks.press("Tab")
    #expect(blanks.text == "\tx\n  y")
    blanks.press("Backspace")
    #expect(blanks.text == "\tx\ny")
    #expect(blanks.screen[0].contains("        x"))
    var tabs = desk("  x\n▮y") { $0.indent = .tabs }
    tabs.press("Tab")
    #expect(tabs.text == "  x\n\ty")
    var lines = desk("▯x\ny▮") {
      $0.indent = .blanks
      $0.indentWidth = 3
    }
    lines.press("Tab")
    #expect(lines.text == "   x\n   y")
    lines.press("Shift-Tab")
    #expect(lines.text == "x\ny")
  }

  @Test func linesAreWrappedAtItsLength() {
    var desk = desk("one two three") { $0.lineLength = 8 }
    desk.press("Alt-Q")
    #expect(desk.text == "one two\nthree")
  }

  @Test func savingTidies() {
    var desk = desk("one \ntwo\t\t\n  \nth▮ree  ") {
      $0.trimsBlanks = true
      $0.endsWithNewline = true
    }
    desk.press("Ctrl-S")
    #expect(desk.disk["note.txt"] == Array("one\ntwo\n\nthree\n".utf8))
    #expect(desk.marked == "one\ntwo\n\nth▮ree\n" && !desk.editor.document.isDirty)
    // One step of undo.
    desk.press("Ctrl-Z")
    #expect(desk.text == "one \ntwo\t\t\n  \nthree  ")
    desk.press("Ctrl-S", "Ctrl-S")
    #expect(desk.text == "one\ntwo\n\nthree\n")
  }

  @Test(arguments: [
    ("", ""), ("a", "a\n"), ("a\n", "a\n"), ("a \r\nb\t\r\n", "a\r\nb\r\n"), ("  ", ""),
    ("a\n  ", "a\n"), ("a \rb \n", "a \rb\n"), ("a \r", "a \r\n"), ("\n\n", "\n\n"),
    ("a\r\n \r\n", "a\r\n\r\n"),
  ]) func whatTidyingDoes(before: String, after: String) {
    for limit in [2, 5, 2048] {
      var text = Text(Array(before.utf8), chunkLimit: limit)
      Transaction(tidying: text, trims: true, ends: true, lineEnd: [0x0A]).apply(to: &text)
      #expect(text.description == after, "\(before.debugDescription)")
    }
  }

  @Test func nothingIsTidiedUnasked() {
    var desk = desk("one ") { _ in }
    desk.type("x")
    desk.press("Ctrl-S")
    #expect(desk.text == "xone ")
    var lines = self.desk("one ") { $0.endsWithNewline = true }
    lines.press("Ctrl-S")
    #expect(lines.text == "one \n")
  }

  @Test func whatIsInForceIsListed() {
    var desk = desk("one\r\n") {
      $0.values = [
        DocumentStyle.Value(name: "indent_size", value: "2", source: "/p/.editorconfig:3")
      ]
    }
    desk.press("Ctrl-P")
    desk.type("document-style")
    desk.press("Enter")
    #expect(
      desk.editor.picker?.items.map(\.text) == [
        "encoding: UTF-8", "line ends: CRLF", "indent_size = 2",
      ])
    #expect(desk.editor.picker?.items[2].detail == "/p/.editorconfig:3")
    desk.press("Down", "Down", "Enter")
    #expect(desk.editor.picker == nil && desk.text == "one\r\n")
  }
}
