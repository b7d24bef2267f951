import Commands
import Documents
import Editing
import Glibc
import Platform
import Storage
import TestSupport
import Testing

@testable import palimpsest

/// Editors on one file, as far as their files go; each stands for a process.
@MainActor
@Suite struct DocumentFilesTests {
  private let home: Scratch
  private let path: String

  init() throws {
    home = try Scratch()
    path = home.path("note.txt")
  }

  /// An editor and its files, as the main loop ties them together.
  @MainActor
  final class Session {
    let files: DocumentFiles
    var editor: Editor
    var now = ContinuousClock.now
    let mailbox = Mailbox {}
    /// Tests wait themselves for the save of a document of so many bytes.
    static let large = 4 << 20

    init(_ home: Scratch, _ path: String?) throws {
      let opened = try DocumentFiles.open(
        path.map { DocumentLocation(source: .file($0)) } ?? DocumentLocation(source: .untitled),
        as: .first, recovery: RecoveryFolder(home.path("recover")))
      files = opened.files
      var document = opened.document
      document.recordsChanges = true
      editor = Editor(document: document)
      if let message = opened.message { editor.show(message) }
      if !opened.recoveries.isEmpty { send(.recoverable(opened.recoveries)) }
      if let neighbours = files.takeNeighbours() { send(.neighbours(neighbours)) }
    }

    func send(_ event: Event) {
      for effect in editor.update(event) {
        switch effect {
        case .save(let request):
          let event = files.save(request, after: editor.takeChanges()) { [mailbox] in
            mailbox.post($0)
          }
          if let event {
            send(event)
          } else if request.document.text.count < Self.large {
            while !receive() { usleep(1000) }
          }
        case .cancelSave: files.cancelSave()
        case .settleRecovery(let id, let outcome): files.settle(id, outcome)
        default: break
        }
      }
    }

    func press(_ keys: String...) {
      for key in keys { send(.key(Key(key)!)) }
      keep()
    }

    func type(_ text: String) {
      for character in text { send(.key(Key(.character(character)))) }
      keep()
    }

    func keep() {
      now += .seconds(1)
      let news = files.keepJournal(
        of: editor.takeChanges(), document: editor.document, now: now)
      if let news { send(news) }
    }

    /// Hands over what tasks have delivered; whether a save has ended.
    func receive() -> Bool {
      var hasEnded = false
      for delivery in mailbox.take() {
        switch delivery {
        case .document(_, let event): send(event)
        case .saved(_, let outcome):
          send(files.finish(outcome, after: editor.takeChanges()))
          hasEnded = true
        default: break
        }
      }
      return hasEnded
    }

    /// As a killed process leaves things.
    func kill() { _ = files.close(editor.document, isAbandoned: true) }

    func quit() { _ = files.close(editor.document, isAbandoned: false) }

    var text: String { editor.document.text.description }
  }

  private func open() throws -> Session { try Session(home, path) }

  @Test func unsavedEditsComeBackUntilTheyAreSaved() throws {
    try home.file("note.txt", "text\n")
    let first = try open()
    first.type("AAA")
    first.kill()
    let second = try open()
    #expect(second.text == "AAAtext\n")
    #expect(second.editor.message?.text.contains("Recovered 3 unsaved edits") == true)
    second.kill()
    let third = try open()
    #expect(third.text == "AAAtext\n")
    third.keep()
    third.kill()
    let fourth = try open()
    #expect(fourth.text == "AAAtext\n")
    fourth.press("Ctrl-S")
    fourth.quit()
    let last = try open()
    #expect(last.text == "AAAtext\n")
    #expect(!last.editor.document.isDirty)
    last.quit()
  }

  /// Keys that arrive together with the one that saves are in the file, and in no journal.
  @Test func typingAndSavingAtOnce() throws {
    try home.file("note.txt", "text\n")
    let first = try open()
    first.send(.key(Key("a")!))
    first.send(.key(Key("Ctrl-S")!))
    first.keep()
    first.type("b")
    first.kill()
    let second = try open()
    #expect(second.text == "abtext\n")
    second.quit()
  }

  @Test func largeDocumentsAreSavedInTheBackground() async throws {
    let text = String(repeating: "a line of text\n", count: 400_000)
    #expect(text.utf8.count > Session.large)
    try home.file("note.txt", text)
    let session = try open()
    session.type("a")
    session.press("Ctrl-S")
    #expect(session.editor.saving != nil)
    // Typing goes on, and is not in the file.
    session.type("b")
    session.press("Ctrl-Q")
    #expect(session.editor.prompt == nil)
    try await eventually("the end of the save") { session.receive() }
    #expect(session.editor.saving == nil)
    #expect(session.editor.document.isDirty)
    #expect(home.read("note.txt") == "a" + text)
    session.keep()
    await session.files.finish()
    session.kill()
    let second = try open()
    #expect(second.editor.message?.text.contains("Recovered 1 unsaved edit,") == true)
    #expect(second.text == "ab" + text)
    second.quit()
  }

  @Test func savingCanBeStopped() async throws {
    let text = String(repeating: "a line of text\n", count: 400_000)
    try home.file("note.txt", text)
    let session = try open()
    session.type("a")
    session.press("Ctrl-S", "Esc")
    try await eventually("the end of the save") { session.receive() }
    let isSaved = !session.editor.document.isDirty
    #expect(home.read("note.txt") == (isSaved ? "a" : "") + text)
    if !isSaved { #expect(session.editor.message?.text.contains("is unchanged") == true) }
    session.quit()
    #expect(Files.names(in: home.folder).allSatisfy { !$0.hasSuffix(".palimpsest") })
  }

  @Test func nobodySeesWhatNobodyWrote() throws {
    try home.file("note.txt", "line 0\nline 1\n")
    let (a, b) = (try open(), try open())
    a.type("AAA")
    b.type("BBB")
    a.press("Ctrl-Z")
    a.quit()
    b.press("Down")
    b.type("ccc")
    b.kill()
    #expect(try open().text == "BBBline 0\nlinccce 1\n")
  }

  @Test func everyKilledEditorIsOffered() throws {
    try home.file("note.txt", "text\n")
    let (a, b) = (try open(), try open())
    #expect(a.files.takeNeighbours()?.count == 1)
    #expect(b.editor.message?.text.contains("has this file open") == true)
    a.type("AAA")
    b.type("BBB")
    a.kill()
    b.kill()
    let c = try open()
    #expect(c.editor.recovering?.count == 2)
    // While it is offered here it is not offered elsewhere.
    let other = try open()
    #expect(other.editor.recovering == nil && other.text == "text\n")
    other.quit()
    c.press("Enter")
    #expect(c.text == "AAAtext\n")
    c.press("Enter")
    #expect(c.text == "BBBtext\n")
    c.press("Ctrl-Z")
    #expect(c.text == "AAAtext\n")
  }

  /// Both texts are there, and the journal stays until it is dealt with.
  @Test(arguments: [5, 60_000]) func anOutsideChangeIsShown(lines: Int) async throws {
    let text = String(repeating: "a line of text\n", count: lines)
    try home.file("note.txt", text)
    let first = try open()
    first.type("AAA ")
    await first.files.finish()
    first.kill()
    try home.file("note.txt", "OUTSIDE " + text)
    let second = try open()
    #expect(second.text == "OUTSIDE " + text)
    #expect(
      second.editor.recovering?.diff.lines(0..<2) == [
        .removed("OUTSIDE a line of text"), .added("AAA a line of text"),
      ])
    #expect(second.editor.recovering?.recovery.title.contains("has changed since") == true)
    second.press("Esc")
    second.type("x")
    second.quit()
    let third = try open()
    #expect(third.editor.recovering != nil)
    third.press("Enter")
    #expect(third.text == "AAA " + text)
    third.kill()
  }

  @Test func documentsWithoutANameAreOffered() throws {
    let first = try Session(home, nil)
    first.type("precious words")
    first.kill()
    try home.file("note.txt", "text\n")
    let other = try open()
    #expect(other.editor.message?.text.contains("palimpsest recover") == true)
    other.quit()
    let second = try Session(home, nil)
    #expect(second.editor.recovering?.diff.lines(0..<2) == [.added("precious words")])
    second.press("Enter")
    #expect(second.text == "precious words")
    second.kill()
    let third = try Session(home, nil)
    third.press("Enter")
    #expect(third.text == "precious words")
    third.quit()
    #expect(try Session(home, nil).editor.recovering == nil)
  }

  @Test func anUnwritableStateFolderIsReported() throws {
    try home.file("note.txt", "text\n")
    try home.file("recover", "in the way")
    let session = try open()
    session.type("A")
    #expect(session.editor.message?.text.contains("not being kept") == true)
    #expect(session.editor.isUnkept)
    session.type("B")
    #expect(session.editor.message == nil)
    Files.remove(home.path("recover"))
    session.keep()
    #expect(session.editor.message?.text == "Unsaved edits are being kept again")
    session.kill()
    #expect(try open().text == "ABtext\n")
  }
}
