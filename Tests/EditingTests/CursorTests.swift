import Documents
import TestSupport
import Testing

@testable import Editing

@Suite struct CursorTests {
  /// The text with a mark at each cursor.
  private func marked(_ desk: Desk) -> String {
    var bytes = Array(desk.text.utf8)
    for cursor in (desk.editor.cursors + [desk.editor.selection]).sorted(by: { $0.head > $1.head })
    {
      bytes.insert(contentsOf: "▮".utf8, at: cursor.head)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func matchesAreChangedTogether() {
    var desk = Desk("▮one two one one\ntwone One")
    desk.press("Alt-L", "Alt-L", "Alt-L")
    #expect(marked(desk) == "one▮ two one▮ one▮\ntwone One")
    desk.type("xy")
    #expect(marked(desk) == "xy▮ two xy▮ xy▮\ntwone One")
    desk.press("Backspace", "Left", "Delete")
    #expect(marked(desk) == "▮ two ▮ ▮\ntwone One")
    desk.press("Ctrl-Z", "Ctrl-Z")
    #expect(desk.text == "xy two xy xy\ntwone One")
    desk.press("Ctrl-Z", "Ctrl-Z")
    #expect(desk.text == "one two one one\ntwone One")
  }

  @Test func allMatchesAreThereOnce() {
    var desk = Desk("▮aa aa")
    for _ in 0..<5 { desk.press("Alt-L") }
    #expect(desk.editor.cursors.count == 1 && desk.editor.message == .noFurtherMatch)
  }

  @Test func aColumn() {
    var desk = Desk("a▮bc\nde\n\nfghi")
    desk.press("Alt-Shift-Down")
    desk.type("-")
    #expect(marked(desk) == "a-▮bc\nd-▮e\n\nfghi")
    desk.press("Esc")
    #expect(desk.editor.cursors.isEmpty)
    var column = Desk("a▯bc▮d\nefgh\nijkl")
    column.press("Alt-Shift-Down", "Alt-Shift-Down", "Delete")
    #expect(marked(column) == "a▮d\ne▮h\ni▮l")
    column.press("Ctrl-Z")
    #expect(column.text == "abcd\nefgh\nijkl")
  }

  @Test func cursorsThatMeetAreOne() {
    var desk = Desk("a▮b\ncd")
    desk.press("Alt-Shift-Down", "Ctrl-Home")
    #expect(desk.editor.cursors.isEmpty)
  }

  @Test func otherCommandsLeaveOne() {
    var desk = Desk("▮a a\nb")
    desk.press("Alt-L", "Alt-L", "Ctrl-D")
    #expect(desk.editor.cursors.isEmpty && desk.text == "a aa\nb")
  }

  @Test func pasteAndNewline() {
    var desk = Desk("▮a a")
    desk.press("Alt-L", "Alt-L")
    desk.send(.paste("x"))
    #expect(desk.text == "x x")
    desk.press("Enter")
    // The second line is indented, and so is the one after it.
    #expect(marked(desk) == "x\n▮ x\n ▮")
  }

  /// Whatever is done, cursors stay in the text and apart, and undo gives the text back.
  @Test func anyKeys() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    let keys = [
      "Alt-L", "Alt-Shift-Down", "Alt-Shift-Up", "x", "Space", "Enter", "Backspace", "Delete",
      "Left",
      "Shift-Right", "Ctrl-Right", "Home", "End", "Up", "Ctrl-Backspace", "Tab", "Shift-Tab",
      "Ctrl-Z",
    ]
    for _ in 0..<20 {
      let text = "one two\n  one é👍🏽 two\n\none"
      var desk = Desk("▮" + text)
      for _ in 0..<60 {
        desk.press(keys[random.below(keys.count)])
        let all = desk.editor.cursors + [desk.editor.selection]
        let count = desk.editor.document.text.count
        #expect(
          all.allSatisfy { $0.range.upperBound <= count && $0.range.lowerBound >= 0 },
          "seed \(seed)")
        #expect(Set(all.map(\.head)).count == all.count, "seed \(seed)")
      }
      for _ in 0..<200 { desk.press("Ctrl-Z") }
      #expect(desk.text == text, "seed \(seed)")
    }
  }
}
