import Documents
import Editing
import Testing

@Suite struct FileTests {
  @Test func savesAndIsCleanUntilTheNextEdit() {
    var desk = Desk("a▮\r\n")
    desk.type("b")
    #expect(desk.editor.status.isDirty)
    desk.press("Ctrl-S")
    #expect(desk.disk["note.txt"] == Array("ab\r\n".utf8))
    #expect(!desk.editor.status.isDirty)
    desk.type("c")
    #expect(desk.editor.status.isDirty)
    desk.press("Ctrl-Z")
    #expect(!desk.editor.status.isDirty)
  }

  @Test func asksForANameWhereThereIsNone() {
    var desk = Desk("a▮", path: nil)
    #expect(desk.editor.status.fileName == "untitled")
    desk.press("Ctrl-S")
    #expect(desk.editor.prompt?.label == "Save as: ")
    desk.type("new.txt")
    desk.press("Enter")
    #expect(desk.disk["new.txt"] == Array("a".utf8))
    #expect(desk.editor.document.path == "new.txt")
  }

  @Test func aFailedSaveLeavesTheDocumentDirty() {
    var desk = Desk("a▮")
    desk.type("b")
    let effects = desk.editor.update(.key(Key("Ctrl-S")!))
    for case .save(let request) in effects {
      desk.send(.saved(request, failure: "note.txt: No space left on device"))
    }
    #expect(desk.editor.status.isDirty)
    #expect(desk.editor.message == Message(.failure, "note.txt: No space left on device"))
  }

  @Test func editsMadeDuringASaveStayUnsaved() {
    var desk = Desk("a▮")
    desk.type("b")
    let effects = desk.editor.update(.key(Key("Ctrl-S")!))
    desk.type("c")
    for case .save(let request) in effects { desk.send(.saved(request, failure: nil)) }
    #expect(desk.editor.status.isDirty)
    desk.press("Ctrl-Z")
    #expect(!desk.editor.status.isDirty)
  }

  @Test func quitsAtOnceWhenThereIsNothingToLose() {
    var desk = Desk("a")
    desk.press("Ctrl-Q")
    #expect(desk.quitCode == 0)
  }

  @Test func quitAsksWhenSomethingWouldBeLost() {
    var desk = Desk("a▮")
    desk.type("b")
    desk.press("Ctrl-Q")
    #expect(desk.quitCode == nil)
    #expect(desk.editor.status.hints.map(\.key) == ["s", "d", "c"])
    desk.type("x")
    #expect(desk.editor.mode == .prompt)
    desk.press("Esc")
    #expect(desk.editor.mode == .text)
    desk.press("Ctrl-Q")
    desk.type("s")
    #expect(desk.quitCode == 0)
    #expect(desk.disk["note.txt"] == Array("ab".utf8))
  }

  @Test func aDiscardedChangeShowsInTheExitCode() {
    var desk = Desk("a▮")
    desk.type("b")
    desk.press("Ctrl-Q")
    desk.type("d")
    #expect(desk.quitCode == 1)
    #expect(desk.disk.isEmpty)
  }

  @Test func quitAsksWhileASpanIsPending() {
    var desk = Desk("One.▮")
    desk.press("Alt-Enter", "Ctrl-Q")
    #expect(desk.editor.status.hints.map(\.key) == ["q", "c"], "nothing is unsaved")
    desk.type("q")
    #expect(desk.quitCode == 0)
  }

  @Test func helpListsTheKeysOfBothModes() {
    var desk = Desk("One.▮", columns: 80, rows: 10)
    desk.press("F1")
    #expect(desk.editor.mode == .help)
    let titles = desk.editor.helpLines.map(\.title)
    #expect(titles.contains("Save") && titles.contains("Accept what is shown"))
    desk.press("PageDown", "Down")
    #expect(desk.editor.helpRow == 9)
    desk.press("Esc")
    #expect(desk.editor.mode == .text)
  }

  @Test func hintsFitTheWidth() {
    let status = Desk("One.▮").editor.status
    #expect(status.hints.first?.key == "Alt-Enter")
    #expect(status.hints(fitting: 26).map(\.action) == ["rewrite", "help"])
    #expect(status.hints(fitting: 5).isEmpty)
  }
}
