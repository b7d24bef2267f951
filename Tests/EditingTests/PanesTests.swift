import Documents
import Testing

@testable import Editing

/// Two documents, or two places of one, side by side.
struct PanesTests {
  private var desk = WorkspaceDesk()

  @Test mutating func oneDocumentIsSeenAtTwoPlaces() throws {
    desk.send(.resize(columns: 81, rows: 8))
    desk.send(.paste((1...30).map { "line \($0)\n" }.joined()))
    desk.press("Ctrl-Home", "Alt-2", "Ctrl-End")
    #expect(desk.workspace.shown.viewport.columns == 40)
    #expect(desk.otherTop == "line 1")
    // The place stays with its text.
    desk.type("end")
    desk.press("Alt-0")
    #expect(
      desk.workspace.shown.selection == Selection(0) && desk.workspace.otherPane?.isLeft == true)
    desk.type("new")
    desk.press("Enter", "Alt-0")
    let end = desk.workspace.shown.document.text.count
    #expect(desk.workspace.shown.selection == Selection(end))
    desk.press("Alt-2")
    #expect(desk.workspace.otherPane == nil && desk.workspace.shown.viewport.columns == 81)
  }

  @Test mutating func twoDocumentsAreSeen() throws {
    desk.send(.resize(columns: 100, rows: 8))
    desk.press("Alt-2", "Ctrl-PageDown")
    #expect(
      desk.workspace.shown.id == desk.ids[1] && desk.workspace.otherPane?.editor.id == desk.ids[0])
    #expect(desk.otherTop == "Alpha one.")
    desk.type("x")
    desk.press("F2")
    #expect(desk.workspace.shown.id == desk.ids[0] && desk.otherTop == "xBeta one. Beta two.")
    // The same document again, and away from it.
    desk.press("Right", "Right", "Ctrl-PageDown", "Ctrl-PageUp")
    #expect(
      desk.workspace.shown.id == desk.ids[0] && desk.workspace.otherPane?.editor.id == desk.ids[1])
    #expect(desk.workspace.shown.selection == Selection(2))
    #expect(desk.workspace.otherPane?.editor.selection == Selection(1))
  }

  /// The wheel scrolls the pane that the pointer is in; the other one and the keys stay.
  @Test(arguments: [true, false]) mutating func theWheelScrollsEitherPane(isSame: Bool) {
    let text = (1...30).map { "line \($0)\n" }.joined()
    desk.send(.resize(columns: 81, rows: 8))
    desk.send(.paste(text))
    desk.press("Ctrl-Home", "Alt-2")
    if !isSame { desk.press("Ctrl-PageDown") }
    let (shown, selection) = (desk.workspace.shown.id, desk.workspace.shown.selection)
    let top = desk.workspace.shown.viewport.top
    desk.send(.mouse(MouseEvent(kind: .wheelDown, button: .none, column: 70, row: 2)))
    desk.send(.mouse(MouseEvent(kind: .wheelDown, button: .none, column: 70, row: 2)))
    #expect(desk.otherTop == "line 7")
    #expect(desk.workspace.shown.id == shown && desk.workspace.shown.viewport.top == top)
    #expect(desk.workspace.shown.selection == selection)
    desk.send(.mouse(MouseEvent(kind: .wheelUp, button: .none, column: 70, row: 2)))
    #expect(desk.otherTop == "line 4")
    if isSame {
      desk.send(.mouse(MouseEvent(kind: .wheelDown, button: .none, column: 3, row: 2)))
      #expect(desk.workspace.shown.viewport.top > top && desk.otherTop == "line 4")
    }
  }

  @Test mutating func closingLeavesSoundPanes() {
    desk.send(.resize(columns: 100, rows: 8))
    desk.press("Alt-2", "Ctrl-W")
    #expect(desk.workspace.otherPane == nil && desk.workspace.shown.id == desk.ids[1])
    desk.press("Alt-2", "Ctrl-PageDown", "Ctrl-W")
    #expect(desk.workspace.otherPane == nil && desk.workspace.documents == [desk.ids[1]])
    #expect(desk.workspace.shown.viewport.columns == 100)
  }

  @Test mutating func panesNeedRoom() {
    desk.press("Alt-2")
    #expect(desk.workspace.shown.message == .noRoomForPanes(columns: 80))
    desk.send(.resize(columns: 80, rows: 8))
    desk.press("Alt-2")
    #expect(desk.workspace.otherPane != nil)
    desk.send(.resize(columns: 79, rows: 8))
    #expect(desk.workspace.otherPane == nil && desk.workspace.shown.viewport.columns == 79)
  }

  @Test mutating func aClickGivesAPaneTheKeys() {
    desk.send(.resize(columns: 101, rows: 8))
    desk.press("Alt-2", "Ctrl-PageDown")
    let left = MouseEvent(kind: .press, column: 56, row: 0)
    desk.send(.mouse(left))
    #expect(desk.workspace.shown.id == desk.ids[0])
    #expect(desk.workspace.shown.selection == Selection(2))
    desk.send(.mouse(MouseEvent(kind: .press, column: 4, row: 0)))
    #expect(
      desk.workspace.shown.id == desk.ids[1] && desk.workspace.shown.selection == Selection(1))
  }
}
