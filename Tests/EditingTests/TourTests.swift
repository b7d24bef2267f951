import Documents
import Editing
import Testing

/// The tour lies beneath the text and takes no key away.
struct TourTests {
  private func started(rows: Int = 24) -> Workspace {
    var workspace = Workspace(
      OpenedDocument(Document("One.", path: "a.txt")), columns: 80, rows: rows)
    workspace.showTour()
    return workspace
  }

  private func closes(_ effects: [WorkspaceEffect]) -> Bool {
    effects.contains { if case .document(_, .tourClosed) = $0 { true } else { false } }
  }

  @Test(arguments: [
    Event.key(Key(.character("x"))), .key(Key(.escape)), .paste("x"),
    .mouse(MouseEvent(kind: .press, column: 0, row: 0)),
  ])
  func anythingClosesIt(event: Event) {
    var workspace = started()
    #expect(!workspace.shown.tour.isEmpty)
    let effects = workspace.update(event)
    #expect(closes(effects) && workspace.shown.tour.isEmpty && !workspace.shown.showsTour)
    let later = workspace.update(event)
    #expect(!closes(later))
  }

  @Test func theKeyDoesWhatItAlwaysDoes() {
    var workspace = started()
    _ = workspace.update(.key(Key(.character("x"))))
    #expect(workspace.shown.document.text.description == "xOne.")
  }

  @Test func theWheelAndOtherEventsLeaveIt() {
    var workspace = started()
    _ = workspace.update(.mouse(MouseEvent(kind: .wheelDown, column: 0, row: 0)))
    _ = workspace.update(.resize(columns: 100, rows: 30))
    _ = workspace.update(.focused(false))
    #expect(workspace.shown.showsTour)
  }

  @Test func itNamesTheKeysOfTheUser() {
    var keymap = Keymap.standard
    let isBound = keymap.bind(Key(.function(12)), in: .text, to: "rewrite")
    #expect(isBound)
    for key in keymap.keys(for: "rewrite", in: .text) where key != Key(.function(12)) {
      _ = keymap.bind(key, in: .text, to: nil)
    }
    var workspace = Workspace(OpenedDocument(Document("One.")), keymap: keymap)
    workspace.showTour()
    #expect(workspace.shown.tour.contains { $0.keys == "F12" })
  }

  @Test func aSmallScreenHasNone() {
    #expect(started(rows: 8).shown.tour.isEmpty)
  }

  @Test func theCommandShowsItAgain() {
    var desk = Desk("One.")
    desk.press("Ctrl-P")
    desk.type("what the editor can do")
    desk.press("Enter")
    #expect(!desk.editor.tour.isEmpty)
    desk.press("Esc")
    #expect(desk.editor.tour.isEmpty && desk.effects.contains(.tourClosed))
  }
}
