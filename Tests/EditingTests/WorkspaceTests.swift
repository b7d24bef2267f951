import Documents
import Infilling
import Testing

@testable import Editing

/// Several documents in one editor.
struct WorkspaceTests {
  private var workspace = Workspace(
    OpenedDocument(Document("Alpha one.\n", path: "a.txt")), columns: 60, rows: 12)
  private let ids = DocumentID.atStart(3)
  private var engine = ScriptedEngine()
  private var disk: [String: String] = [:]
  private var quitCode: Int32?
  private var closed: [DocumentID] = []

  init() {
    workspace.open(OpenedDocument(Document("Beta one. Beta two.\n", path: "b.txt")), as: ids[1])
    workspace.open(OpenedDocument(Document("Gamma.\n", path: "c.txt"), line: 1), as: ids[2])
  }

  private mutating func perform(_ effects: [WorkspaceEffect]) {
    for effect in effects {
      switch effect {
      case .document(let id, .save(let request)):
        disk[request.path] = request.document.text.description
        perform(workspace.update(.saved(request, failure: nil), of: id))
      case .document: break
      case .open(let id, let name):
        let document = disk[name].map { Document($0, path: name) }
        perform(
          workspace.opened(
            id, document.map { .document(OpenedDocument($0)) } ?? .failed("\(name): not there")))
      case .opened: break
      case .closed(let id, _, _): closed.append(id)
      case .quit(let code): quitCode = code
      }
    }
  }

  private mutating func press(_ names: String...) {
    for name in names { perform(workspace.update(.key(Key(name)!))) }
  }

  private mutating func type(_ text: String) {
    for character in text { perform(workspace.update(.key(Key(.character(character))))) }
  }

  private func text(_ number: Int) -> String {
    workspace[ids[number]]?.document.text.description ?? "closed"
  }

  // MARK: Switching

  @Test mutating func eachDocumentKeepsItsCursorAndUndo() {
    type("x")
    press("Ctrl-PageDown", "Right")
    type("y")
    press("Ctrl-PageDown", "Ctrl-PageDown")
    #expect(workspace.shown.id == ids[0])
    #expect(text(0) == "xAlpha one.\n" && text(1) == "Byeta one. Beta two.\n")
    #expect(workspace.shown.selection == Selection(1))
    press("Ctrl-Z")
    #expect(text(0) == "Alpha one.\n" && text(1) == "Byeta one. Beta two.\n")
    press("Ctrl-PageDown")
    #expect(workspace.shown.selection == Selection(2))
    press("Ctrl-PageUp", "Ctrl-PageUp")
    #expect(workspace.shown.id == ids[2])
  }

  @Test mutating func theClipboardIsShared() {
    press("Ctrl-C", "Ctrl-PageDown", "Ctrl-V")
    #expect(text(1) == "Alpha one.\nBeta one. Beta two.\n")
  }

  @Test mutating func aListLeadsToADocument() {
    press("Ctrl-T")
    #expect(workspace.shown.picker?.items.map(\.text) == ["a.txt", "b.txt", "c.txt"])
    press("Down", "Down", "Enter")
    #expect(workspace.shown.id == ids[2])
    #expect(workspace.shown.status.surroundings.number == 3)
  }

  // MARK: Passages

  /// The run that a key begins in the shown document.
  private mutating func begin(_ key: String) throws -> (RunID, InfillRequest) {
    let effects = workspace.update(.key(Key(key)!))
    let begun = effects.compactMap { effect -> (RunID, InfillRequest)? in
      guard case .document(_, .beginRun(let run, let request)) = effect else { return nil }
      return (run, request)
    }
    return try #require(begun.first)
  }

  private mutating func step(_ run: RunID) throws {
    let event = engine.step(run)
    perform(workspace.update(try #require(event)))
  }

  @Test mutating func aPassageRefinesWhileAnotherDocumentIsShown() throws {
    let first = try begin("Alt-Enter")
    press("Ctrl-PageDown")
    let second = try begin("Alt-Enter")
    #expect(first.0 != second.0)
    #expect(first.1.original != second.1.original)
    perform(workspace.update(engine.begin(first.0, first.1)))
    perform(workspace.update(engine.begin(second.0, second.1)))
    for _ in 0..<4 { try step(first.0) }
    #expect(workspace.shown.id == ids[1])
    #expect(workspace.shown.focusedPassage?.candidate.lastStep == 0)
    let hidden = try #require(workspace[ids[0]]?.passages.first)
    #expect(hidden.state == .ended && hidden.candidate.lastStep > 0)
    #expect(workspace.shown.status.backgroundPassages == 1)
    press("Ctrl-PageUp", "Enter")
    #expect(text(0) != "Alpha one.\n" && text(1) == "Beta one. Beta two.\n")
  }

  @Test mutating func stepsOfAClosedDocumentAreIgnored() throws {
    let (run, request) = try begin("Alt-Enter")
    press("Ctrl-W")
    let effects = workspace.update(.key(Key("d")!))
    #expect(effects.contains(.document(ids[0], .cancelRun(run, dropping: true))))
    #expect(effects.contains(.closed(ids[0], line: 1, column: 1)))
    let late = workspace.update(engine.begin(run, request))
    #expect(late.isEmpty)
    #expect(workspace.shown.id == ids[1] && workspace.shown.passages.isEmpty)
  }

  @Test mutating func timersOfHiddenDocumentsDoNotDrawIntoTheShownOne() throws {
    let (run, request) = try begin("Alt-Enter")
    perform(workspace.update(engine.begin(run, request)))
    press("Ctrl-PageDown")
    let before = workspace.shown.rows()
    try step(run)
    perform(workspace.update(.woke(.fading), of: ids[0]))
    #expect(workspace.shown.rows() == before)
  }

  // MARK: Opening and closing

  @Test mutating func aNewDocumentGivesWayToAFileWhileUnused() {
    disk["d.txt"] = "Delta.\n"
    press("Ctrl-N")
    let new = workspace.shown.id
    #expect(workspace.documents == ids + [new])
    press("Ctrl-O")
    type("d.txt")
    press("Enter")
    #expect(workspace.shown.document.path == "d.txt")
    #expect(closed == [new] && workspace.documents.count == 4)
    press("Ctrl-N")
    type("draft")
    press("Ctrl-O")
    type("d.txt")
    press("Enter")
    #expect(workspace.documents.count == 6)
  }

  @Test mutating func aFileThatCannotBeOpenedChangesNothing() {
    press("Ctrl-O")
    type("none.txt")
    press("Enter")
    #expect(workspace.shown.id == ids[0] && workspace.documents == ids)
    #expect(workspace.shown.message == .failure("none.txt: not there"))
  }

  @Test mutating func closingAsksForUnsavedEditsAlone() {
    press("Ctrl-PageDown", "Ctrl-W")
    #expect(closed == [ids[1]] && workspace.shown.id == ids[2])
    type("z")
    press("Ctrl-W")
    #expect(workspace.shown.prompt?.label == "Save c.txt? ")
    press("Esc")
    #expect(workspace.documents == [ids[0], ids[2]])
    press("Ctrl-W", "s")
    #expect(disk["c.txt"] == "zGamma.\n" && workspace.documents == [ids[0]])
    press("Ctrl-W")
    #expect(quitCode == 0)
  }

  // MARK: Quitting and saving

  @Test mutating func quittingAsksForEachUnsavedDocument() {
    type("1")
    press("Ctrl-PageDown")
    type("2")
    press("Ctrl-PageDown", "Ctrl-Q")
    #expect(workspace.shown.id == ids[0])
    #expect(workspace.shown.prompt?.label == "Save a.txt? ")
    press("s")
    #expect(disk["a.txt"] == "1Alpha one.\n" && quitCode == nil)
    #expect(workspace.shown.id == ids[1])
    press("d")
    #expect(quitCode == 1 && disk["b.txt"] == nil)
  }

  @Test mutating func cancellingKeepsWhatWasToBeDiscarded() {
    type("1")
    press("Ctrl-PageDown")
    type("2")
    press("Ctrl-Q", "d", "c")
    #expect(quitCode == nil && workspace.documents == ids)
    #expect(text(0) == "1Alpha one.\n")
    #expect(workspace[ids[0]]?.document.isDirty == true)
    press("Ctrl-Q")
    #expect(workspace.shown.prompt != nil)
  }

  @Test mutating func quittingWithNothingUnsavedEnds() {
    press("Ctrl-Q")
    #expect(quitCode == 0)
  }

  @Test mutating func allAreSaved() {
    type("1")
    press("Ctrl-PageDown")
    type("2")
    press("Ctrl-N")
    type("3")
    perform(workspace.update(.key(Key("Ctrl-P")!)))
    type("save all")
    press("Enter")
    #expect(disk == ["a.txt": "1Alpha one.\n", "b.txt": "2Beta one. Beta two.\n"])
    #expect(workspace.shown.document.path == nil && workspace.shown.prompt?.label == "Save as: ")
    type("d.txt")
    press("Enter")
    #expect(disk["d.txt"] == "3")
  }

  @Test mutating func aFailureElsewhereIsReported() {
    type("1")
    var request: SaveRequest?
    for case .document(_, .save(let asked)) in workspace.update(.key(Key("Ctrl-S")!)) {
      request = asked
    }
    press("Ctrl-PageDown")
    perform(workspace.update(.saved(request!, failure: "Disk full"), of: ids[0]))
    #expect(workspace.shown.message == .elsewhere("a.txt", .failure("Disk full")))
    #expect(workspace[ids[0]]?.document.isDirty == true)
  }

  @Test mutating func recoveriesAreOfferedEachInItsDocument() {
    for id in ids.prefix(2) {
      let offers = ["1", "2"].map { Recovery(id: $0, title: $0, text: Text($0)) }
      perform(workspace.update(.recoverable(offers), of: id))
    }
    #expect(workspace.shown.mode == .recovery)
    press("Enter", "Esc")
    #expect(text(0) == "1" && workspace.shown.mode == .text)
    press("Ctrl-PageDown")
    #expect(workspace.shown.recovering?.number == 1)
  }

  // MARK: Panes

  /// The text at the top of the pane that does not have the keys.
  private var otherTop: String? {
    workspace.otherPane?.editor.rows()[0].cells.map(\.text).joined()
  }

  @Test mutating func oneDocumentIsSeenAtTwoPlaces() throws {
    perform(workspace.update(.resize(columns: 81, rows: 8)))
    perform(workspace.update(.paste((1...30).map { "line \($0)\n" }.joined())))
    press("Ctrl-Home", "Alt-2", "Ctrl-End")
    #expect(workspace.shown.viewport.columns == 40)
    #expect(otherTop == "line 1")
    // The place stays with its text.
    type("end")
    press("Alt-0")
    #expect(workspace.shown.selection == Selection(0) && workspace.otherPane?.isLeft == true)
    type("new\nline")
    press("Enter", "Alt-0")
    let end = workspace.shown.document.text.count
    #expect(workspace.shown.selection == Selection(end))
    press("Alt-2")
    #expect(workspace.otherPane == nil && workspace.shown.viewport.columns == 81)
  }

  @Test mutating func twoDocumentsAreSeen() throws {
    perform(workspace.update(.resize(columns: 100, rows: 8)))
    press("Alt-2", "Ctrl-PageDown")
    #expect(workspace.shown.id == ids[1] && workspace.otherPane?.editor.id == ids[0])
    #expect(otherTop == "Alpha one.")
    type("x")
    press("F2")
    #expect(workspace.shown.id == ids[0] && otherTop == "xBeta one. Beta two.")
    // The same document again, and away from it.
    press("Right", "Right", "Ctrl-PageDown", "Ctrl-PageUp")
    #expect(workspace.shown.id == ids[0] && workspace.otherPane?.editor.id == ids[1])
    #expect(workspace.shown.selection == Selection(2))
    #expect(workspace.otherPane?.editor.selection == Selection(1))
  }

  @Test mutating func closingLeavesSoundPanes() {
    perform(workspace.update(.resize(columns: 100, rows: 8)))
    press("Alt-2", "Ctrl-W")
    #expect(workspace.otherPane == nil && workspace.shown.id == ids[1])
    press("Alt-2", "Ctrl-PageDown", "Ctrl-W")
    #expect(workspace.otherPane == nil && workspace.documents == [ids[1]])
    #expect(workspace.shown.viewport.columns == 100)
  }

  @Test mutating func panesNeedRoom() {
    press("Alt-2")
    #expect(workspace.shown.message == .noRoomForPanes(columns: 80))
    perform(workspace.update(.resize(columns: 80, rows: 8)))
    press("Alt-2")
    #expect(workspace.otherPane != nil)
    perform(workspace.update(.resize(columns: 79, rows: 8)))
    #expect(workspace.otherPane == nil && workspace.shown.viewport.columns == 79)
  }

  @Test mutating func aClickGivesAPaneTheKeys() {
    perform(workspace.update(.resize(columns: 101, rows: 8)))
    press("Alt-2", "Ctrl-PageDown")
    let left = MouseEvent(kind: .press, column: 56, row: 0)
    perform(workspace.update(.mouse(left)))
    #expect(workspace.shown.id == ids[0])
    #expect(workspace.shown.selection == Selection(2))
    perform(workspace.update(.mouse(MouseEvent(kind: .press, column: 4, row: 0))))
    #expect(workspace.shown.id == ids[1] && workspace.shown.selection == Selection(1))
  }
}
