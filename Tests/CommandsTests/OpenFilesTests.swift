import Commands
import Documents
import Editing
import Platform
import Storage
import TestSupport
import Testing

@testable import palimpsest

/// The files of several documents of one process.
@MainActor
@Suite struct OpenFilesTests {
  private let home: Scratch
  private let files: OpenFiles
  private let ids = DocumentID.atStart(3)

  init() throws {
    home = try Scratch()
    files = Self.files(home)
  }

  private static func files(_ home: Scratch) -> OpenFiles {
    let recovery = home.path("recover")
    return OpenFiles(
      store: FileStore(recovery: recovery), recovery: RecoveryFolder(recovery))
  }

  private func location(_ name: String) -> DocumentLocation {
    DocumentLocation(source: .file(home.path(name)))
  }

  @Test func aFileIsOpenedOnce() throws {
    try home.file("a.txt", "a\n")
    try home.file("b.txt", "b\n")
    let start = try files.open([location("a.txt"), location("./a.txt"), location("b.txt")])
    #expect(start.map(\.id) == [ids[0], ids[2]])
    let (outcome, _) = files.open(home.path("a.txt:3"), as: ids[1]) { _ in }
    guard case .present(ids[0], line: 3, column: nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func aNameThatLeadsNowhereIsReported() {
    let (outcome, _) = files.open(home.folder, as: ids[0]) { _ in }
    guard case .failed(let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.contains(home.folder))
  }

  /// Two documents with unsaved edits when the process is killed: each is offered its own.
  @Test func eachDocumentHasItsJournal() throws {
    try home.file("a.txt", "a\n")
    try home.file("b.txt", "b\n")
    let start = try files.open([location("a.txt"), location("b.txt")])
    var workspace = Workspace(start[0].document)
    workspace.open(start[1].document, as: start[1].id)
    var now = ContinuousClock.now
    for letter in ["x", "y"] {
      _ = workspace.update(.key(Key(.character(Character(letter)))))
      for id in workspace.documents {
        now += .seconds(1)
        let changes = workspace.takeChanges(of: id)
        let document = try #require(workspace[id]).document
        #expect(files.keepJournal(of: id, changes, document: document, now: now) == nil)
      }
      _ = workspace.update(.key(Key("Ctrl-PageDown")!))
    }
    let farewell = try #require(files.closeAll(of: workspace, isAbandoned: true))
    #expect(farewell.split(separator: "\n").count == 2)

    let again = try Self.files(home).open([location("a.txt"), location("b.txt")])
    #expect(again.map { $0.opened.recoveries.map(\.text.description) } == [["xa\n"], ["yb\n"]])
  }

  @Test func theFileOfAnotherDocumentIsNotWrittenOver() throws {
    try home.file("a.txt", "a\n")
    try home.file("b.txt", "b\n")
    let start = try files.open([location("a.txt"), location("b.txt")])
    var workspace = Workspace(start[0].document)
    workspace.open(start[1].document, as: start[1].id)
    _ = workspace.update(.key(Key(.character("x"))))
    var request: SaveRequest?
    for case .document(_, .save(let asked)) in workspace.update(.key(Key("Ctrl-S")!)) {
      request = asked
    }
    var other = try #require(request)
    other.path = home.path("b.txt")
    let changes = workspace.takeChanges(of: ids[0])
    let event = files.save(other, of: ids[0], after: changes) { _ in }
    guard case .saved(_, failure: let reason?, caution: _)? = event else {
      Issue.record("saved over another document")
      return
    }
    #expect(reason.contains("open as another document"))
    #expect(home.read("b.txt") == "b\n")
    // The edits are kept all the same.
    _ = files.keepJournal(of: ids[0], [], document: workspace.shown.document, now: .now)
    _ = files.closeAll(of: workspace, isAbandoned: true)
    let again = try Self.files(home).open([location("a.txt")])
    #expect(again[0].opened.recoveries.map(\.text.description) == ["xa\n"])
  }

  @Test func unnamedDocumentsAreNotNeighbours() {
    for id in ids { files.openUnnamed(as: id) }
    #expect(files.takeNeighbours().isEmpty)
  }

  // MARK: Other programs

  /// Lets the files look at the disk, and hands over what they find, as the main loop does.
  private func look(_ workspace: inout Workspace, _ mailbox: Mailbox) async throws {
    files.look(now: .now + .seconds(10)) { mailbox.post($0) }
    await files.finish()
    for case .disk(let id, let change, since: let before) in mailbox.take() {
      let event = files[id]?.take(
        change, since: before, after: workspace.takeChanges(of: id))
      guard let event else { continue }
      for case .document(_, .settleDisk(let settlement)) in workspace.update(event, of: id) {
        let changes = workspace.takeChanges(of: id)
        if let event = files[id]?.settle(settlement, after: changes) {
          _ = workspace.update(event, of: id)
        }
      }
    }
  }

  @Test func aChangedFileIsFollowed() async throws {
    try home.file("a.txt", "a\n")
    let start = try files.open([location("a.txt")])
    var workspace = Workspace(start[0].document)
    let mailbox = Mailbox {}
    _ = files.takeNeighbours()
    try home.file("a.txt", "a\nb\n")
    try await look(&workspace, mailbox)
    #expect(workspace.shown.document.text.description == "a\nb\n")
    #expect(!workspace.shown.document.isDirty)

    // Edits after it are kept relative to the new text.
    _ = workspace.update(.key(Key(.character("x"))))
    let changes = workspace.takeChanges(of: ids[0])
    let document = workspace.shown.document
    _ = files.keepJournal(of: ids[0], changes, document: document, now: .now)
    _ = files.closeAll(of: workspace, isAbandoned: true)
    let again = try Self.files(home).open([location("a.txt")])
    #expect(again[0].opened.recoveries.map(\.text.description) == ["xa\nb\n"])
  }

  @Test func theSameChangeIsReportedOnce() async throws {
    try home.file("a.txt", "a\n")
    let start = try files.open([location("a.txt")])
    var workspace = Workspace(start[0].document)
    let mailbox = Mailbox {}
    _ = workspace.update(.key(Key(.character("x"))))
    try home.file("a.txt", "b\n")
    _ = files.takeNeighbours()
    try await look(&workspace, mailbox)
    #expect(workspace.shown.message == .changedOnDisk)
    _ = workspace.update(.key(Key("Right")!))
    _ = files.takeNeighbours()
    try await look(&workspace, mailbox)
    #expect(workspace.shown.message == nil && workspace.shown.disk != .same)
    #expect(workspace.shown.document.text.description == "xa\n")
  }
}
