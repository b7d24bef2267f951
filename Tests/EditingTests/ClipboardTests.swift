import Documents
import Editing
import Infilling
import Testing

/// Paste asks the desktop where there is one, and inserts what was copied here where it does not answer.
struct ClipboardTests {
  private func desk(_ marked: String) -> Desk {
    var desk = Desk(marked)
    desk.editor.asksForClipboard = true
    return desk
  }

  @Test func theDesktopIsAsked() {
    var desk = desk("one ▮two")
    desk.press("Ctrl-V")
    #expect(desk.effects.contains(.readClipboard(.clipboard)) && desk.text == "one two")
    desk.send(.clipboard("new "))
    #expect(desk.marked == "one new ▮two")
    #expect(desk.editor.clipboard == "new ")
  }

  @Test func whatWasCopiedHereIsInsertedWithoutAnAnswer() {
    var desk = desk("▯one▮ two")
    desk.press("Ctrl-C", "End", "Ctrl-V")
    desk.send(.clipboard(nil))
    #expect(desk.text == "one twoone")
    desk.press("Ctrl-V")
    desk.send(.clipboard(""))
    #expect(desk.text == "one twooneone")
  }

  @Test func everyCursorGetsIt() {
    var desk = desk("▯one▮ one")
    desk.press("Alt-L", "Ctrl-V")
    #expect(desk.effects.count { $0 == .readClipboard(.clipboard) } == 1)
    desk.send(.clipboard("x"))
    #expect(desk.text == "x x")
  }

  @Test func aPromptGetsIt() {
    var desk = desk("one")
    desk.press("Ctrl-F", "Ctrl-V")
    desk.send(.clipboard("on"))
    #expect(desk.editor.prompt?.text == "on" && desk.text == "one")
  }

  @Test func theMiddleButtonPastesTheSelectionOfTheDesktop() {
    var desk = desk("▮one two")
    let column = desk.editor.gutterWidth + 4
    desk.send(.mouse(MouseEvent(kind: .press, button: .middle, column: column, row: 0)))
    #expect(desk.effects.contains(.readClipboard(.primary)))
    desk.send(.clipboard("x ", from: .primary))
    #expect(desk.marked == "one x ▮two")
    // What was copied is something else.
    #expect(desk.editor.clipboard == "")
  }

  @Test func withoutADesktopPasteIsAtOnce() {
    var desk = Desk("▯one▮ two")
    desk.press("Ctrl-C", "End", "Ctrl-V")
    #expect(desk.text == "one twoone")
    desk.send(.mouse(MouseEvent(kind: .press, button: .middle, column: 5, row: 0)))
    #expect(desk.text == "one twoone")
  }
}
