import Documents
import Editing
import Testing

/// What lies over the text has the keys, the topmost first.
@Suite struct ModeTests {
  private let offer = Recovery(id: "a", title: "edits", text: Text("other"), isPlain: false)

  @Test func closingGoesBackToWhatLiesBeneath() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    #expect(desk.editor.mode == .review)
    desk.press("Alt-V")
    #expect(desk.editor.mode == .race)
    desk.press("F1")
    #expect(desk.editor.mode == .help && desk.editor.race != nil)
    desk.press("Esc")
    #expect(desk.editor.mode == .race)
    desk.press("Esc")
    #expect(desk.editor.mode == .review)
    desk.press("Ctrl-P")
    #expect(desk.editor.mode == .list)
    desk.press("Esc")
    #expect(desk.editor.mode == .review)
  }

  @Test func whatComesByItselfLeavesThePromptItsKeys() {
    var desk = Desk("One.")
    desk.press("Ctrl-G")
    desk.send(.recoverable([offer]))
    #expect(desk.editor.mode == .prompt)
    desk.press("Esc")
    #expect(desk.editor.mode == .recovery)
    desk.press("Delete")
    #expect(desk.editor.mode == .prompt, "a question about it")
    desk.press("c")
    #expect(desk.editor.mode == .recovery)
  }

  @Test func aRecoveryGoesBeforeAList() {
    var desk = Desk("One.")
    desk.press("Ctrl-P")
    desk.send(.recoverable([offer]))
    #expect(desk.editor.mode == .recovery)
    desk.press("Esc")
    #expect(desk.editor.mode == .list)
  }
}
