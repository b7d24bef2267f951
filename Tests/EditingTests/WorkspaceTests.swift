import Documents
import Infilling
import Testing

@testable import Editing

/// Several documents in one editor.
struct WorkspaceTests {
  private var desk = WorkspaceDesk()
  private var engine = ScriptedEngine()

  // MARK: Switching

  @Test mutating func eachDocumentKeepsItsCursorAndUndo() {
    desk.type("x")
    desk.press("Ctrl-PageDown", "Right")
    desk.type("y")
    desk.press("Ctrl-PageDown", "Ctrl-PageDown")
    #expect(desk.workspace.shown.id == desk.ids[0])
    #expect(desk.text(0) == "xAlpha one.\n" && desk.text(1) == "Byeta one. Beta two.\n")
    #expect(desk.workspace.shown.selection == Selection(1))
    desk.press("Ctrl-Z")
    #expect(desk.text(0) == "Alpha one.\n" && desk.text(1) == "Byeta one. Beta two.\n")
    desk.press("Ctrl-PageDown")
    #expect(desk.workspace.shown.selection == Selection(2))
    desk.press("Ctrl-PageUp", "Ctrl-PageUp")
    #expect(desk.workspace.shown.id == desk.ids[2])
  }

  @Test mutating func theClipboardIsShared() {
    desk.press("Ctrl-C", "Ctrl-PageDown", "Ctrl-V")
    #expect(desk.text(1) == "Alpha one.\nBeta one. Beta two.\n")
  }

  @Test mutating func aListLeadsToADocument() {
    desk.press("Ctrl-T")
    #expect(desk.workspace.shown.picker?.items.map(\.text) == ["a.txt", "b.txt", "c.txt"])
    desk.press("Down", "Down", "Enter")
    #expect(desk.workspace.shown.id == desk.ids[2])
    #expect(desk.workspace.shown.status.surroundings.number == 3)
  }

  // MARK: Passages

  /// The run that a key begins in the shown document.
  private mutating func begin(_ key: String) throws -> (RunID, InfillRequest) {
    let effects = desk.workspace.update(.key(Key(key)!))
    let begun = effects.compactMap { effect -> (RunID, InfillRequest)? in
      guard case .document(_, .beginRun(let run, let request)) = effect else { return nil }
      return (run, request)
    }
    return try #require(begun.first)
  }

  private mutating func step(_ run: RunID) throws {
    let event = engine.step(run)
    desk.perform(desk.workspace.update(try #require(event)))
  }

  @Test mutating func aPassageRefinesWhileAnotherDocumentIsShown() throws {
    let first = try begin("Alt-Enter")
    desk.press("Ctrl-PageDown")
    let second = try begin("Alt-Enter")
    #expect(first.0 != second.0)
    #expect(first.1.original != second.1.original)
    desk.perform(desk.workspace.update(engine.begin(first.0, first.1)))
    desk.perform(desk.workspace.update(engine.begin(second.0, second.1)))
    for _ in 0..<4 { try step(first.0) }
    #expect(desk.workspace.shown.id == desk.ids[1])
    #expect(desk.workspace.shown.focusedPassage?.candidate.lastStep == 0)
    let hidden = try #require(desk.workspace[desk.ids[0]]?.passages.first)
    #expect(hidden.state == .ended && hidden.candidate.lastStep > 0)
    #expect(desk.workspace.shown.status.backgroundPassages == 1)
    desk.press("Ctrl-PageUp", "Enter")
    #expect(desk.text(0) != "Alpha one.\n" && desk.text(1) == "Beta one. Beta two.\n")
  }

  @Test mutating func stepsOfAClosedDocumentAreIgnored() throws {
    let (run, request) = try begin("Alt-Enter")
    desk.press("Ctrl-W")
    let effects = desk.workspace.update(.key(Key("w")!))
    #expect(effects.contains(.document(desk.ids[0], .cancelRun(run, dropping: true))))
    #expect(effects.contains(.closed(desk.ids[0], line: 1, column: 1)))
    let late = desk.workspace.update(engine.begin(run, request))
    #expect(late.isEmpty)
    #expect(desk.workspace.shown.id == desk.ids[1] && desk.workspace.shown.passages.isEmpty)
  }

  @Test mutating func timersOfHiddenDocumentsDoNotDrawIntoTheShownOne() throws {
    let (run, request) = try begin("Alt-Enter")
    desk.perform(desk.workspace.update(engine.begin(run, request)))
    desk.press("Ctrl-PageDown")
    let before = desk.workspace.shown.rows()
    try step(run)
    desk.perform(desk.workspace.update(.woke(.fading), of: desk.ids[0]))
    #expect(desk.workspace.shown.rows() == before)
  }

  // MARK: Opening and closing

  @Test mutating func aNewDocumentGivesWayToAFileWhileUnused() {
    desk.disk["d.txt"] = "Delta.\n"
    desk.press("Ctrl-N")
    let new = desk.workspace.shown.id
    #expect(desk.workspace.documents == desk.ids + [new])
    desk.press("Ctrl-O")
    desk.type("d.txt")
    desk.press("Enter")
    #expect(desk.workspace.shown.document.path == "d.txt")
    #expect(desk.closed == [new] && desk.workspace.documents.count == 4)
    desk.press("Ctrl-N")
    desk.type("draft")
    desk.press("Ctrl-O")
    desk.type("d.txt")
    desk.press("Enter")
    #expect(desk.workspace.documents.count == 6)
  }

  @Test mutating func aFileThatCannotBeOpenedChangesNothing() {
    desk.press("Ctrl-O")
    desk.type("none.txt")
    desk.press("Enter")
    #expect(desk.workspace.shown.id == desk.ids[0] && desk.workspace.documents == desk.ids)
    #expect(desk.workspace.shown.message == .failure("none.txt: not there"))
  }

  @Test mutating func closingAsksForUnsavedEditsAlone() {
    desk.press("Ctrl-PageDown", "Ctrl-W")
    #expect(desk.closed == [desk.ids[1]] && desk.workspace.shown.id == desk.ids[2])
    desk.type("z")
    desk.press("Ctrl-W")
    #expect(desk.workspace.shown.prompt?.label == "Save c.txt? ")
    desk.press("Esc")
    #expect(desk.workspace.documents == [desk.ids[0], desk.ids[2]])
    desk.press("Ctrl-W", "s")
    #expect(desk.disk["c.txt"] == "zGamma.\n" && desk.workspace.documents == [desk.ids[0]])
    desk.press("Ctrl-W")
    #expect(desk.quitCode == 0)
  }

  // MARK: Quitting and saving

  @Test mutating func quittingAsksForEachUnsavedDocument() {
    desk.type("1")
    desk.press("Ctrl-PageDown")
    desk.type("2")
    desk.press("Ctrl-PageDown", "Ctrl-Q")
    #expect(desk.workspace.shown.id == desk.ids[0])
    #expect(desk.workspace.shown.prompt?.label == "Save a.txt? ")
    desk.press("s")
    #expect(desk.disk["a.txt"] == "1Alpha one.\n" && desk.quitCode == nil)
    #expect(desk.workspace.shown.id == desk.ids[1])
    desk.press("d")
    #expect(desk.quitCode == 1 && desk.disk["b.txt"] == nil)
  }

  @Test mutating func cancellingKeepsWhatWasToBeDiscarded() {
    desk.type("1")
    desk.press("Ctrl-PageDown")
    desk.type("2")
    desk.press("Ctrl-Q", "d", "c")
    #expect(desk.quitCode == nil && desk.workspace.documents == desk.ids)
    #expect(desk.text(0) == "1Alpha one.\n")
    #expect(desk.workspace[desk.ids[0]]?.document.isDirty == true)
    desk.press("Ctrl-Q")
    #expect(desk.workspace.shown.prompt != nil)
  }

  @Test mutating func quittingWithNothingUnsavedEnds() {
    desk.press("Ctrl-Q")
    #expect(desk.quitCode == 0)
  }

  @Test mutating func allAreSaved() {
    desk.type("1")
    desk.press("Ctrl-PageDown")
    desk.type("2")
    desk.press("Ctrl-N")
    desk.type("3")
    desk.perform(desk.workspace.update(.key(Key("Ctrl-P")!)))
    desk.type("save all")
    desk.press("Enter")
    #expect(desk.disk == ["a.txt": "1Alpha one.\n", "b.txt": "2Beta one. Beta two.\n"])
    #expect(
      desk.workspace.shown.document.path == nil && desk.workspace.shown.prompt?.label == "Save as: "
    )
    desk.type("d.txt")
    desk.press("Enter")
    #expect(desk.disk["d.txt"] == "3")
  }

  @Test mutating func aFailureElsewhereIsReported() {
    desk.type("1")
    var request: SaveRequest?
    for case .document(_, .save(let asked)) in desk.workspace.update(.key(Key("Ctrl-S")!)) {
      request = asked
    }
    desk.press("Ctrl-PageDown")
    desk.perform(desk.workspace.update(.saved(request!, failure: "Disk full"), of: desk.ids[0]))
    #expect(desk.workspace.shown.message == .elsewhere("a.txt", .failure("Disk full")))
    #expect(desk.workspace[desk.ids[0]]?.document.isDirty == true)
  }

  @Test mutating func recoveriesAreOfferedEachInItsDocument() {
    for id in desk.ids.prefix(2) {
      let offers = ["1", "2"].map { Recovery(id: $0, title: $0, text: Text($0)) }
      desk.perform(desk.workspace.update(.recoverable(offers), of: id))
    }
    #expect(desk.workspace.shown.mode == .recovery)
    desk.press("Enter", "Esc")
    #expect(desk.text(0) == "1" && desk.workspace.shown.mode == .text)
    desk.press("Ctrl-PageDown")
    #expect(desk.workspace.shown.recovering?.number == 1)
  }
}
