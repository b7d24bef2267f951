import Documents
import Editing
import Storage
import TestSupport
import Testing

@testable import palimpsest

/// Documents that stay in their files.
@MainActor
@Suite struct LargeDocumentTests {
  private let home: Scratch
  private let text = String(repeating: "a line of text\n", count: 600_000)

  init() throws {
    home = try Scratch()
    #expect(text.utf8.count > DocumentFiles.heldSize)
    try home.file("note.txt", text)
  }

  private func open() throws -> DocumentFilesTests.Session {
    let session = try DocumentFilesTests.Session(home, home.path("note.txt"))
    session.files.readThrough { [mailbox = session.mailbox] in mailbox.post($0) }
    return session
  }

  private func readThrough(_ session: DocumentFilesTests.Session) async throws {
    try await eventually("the end of reading") {
      _ = session.receive()
      return session.editor.document.text.linesAreCounted
    }
  }

  private func save(_ session: DocumentFilesTests.Session) async throws {
    session.press("Ctrl-S")
    try await eventually("the end of the save") { session.receive() }
  }

  @Test func linesAreCountedMeanwhile() async throws {
    let session = try open()
    #expect(session.editor.status.lineCount == nil)
    session.press("Enter", "Enter")
    #expect(session.editor.status.line == 3)
    try await readThrough(session)
    #expect(session.editor.status.lineCount == 600_003)
    session.press("Ctrl-End")
    #expect(session.editor.status.line == 600_003)
    session.quit()
    await session.files.finish()
  }

  /// Others may shorten the file or write over it: the text on the screen is the text that was there.
  @Test func anotherProcessWritesToTheFile() async throws {
    let session = try open()
    session.type("A")
    try home.file("note.txt", "from elsewhere\n")
    try await readThrough(session)
    #expect(session.text == "A" + text)
    try await save(session)
    #expect(session.editor.message?.text.contains("has changed on disk") == true)
    #expect(home.read("note.txt") == "from elsewhere\n")
    try await save(session)
    #expect(home.read("note.txt") == "A" + text)
    #expect(!session.editor.document.isDirty)
    session.type("B")
    try await save(session)
    #expect(home.read("note.txt") == "AB" + text)
    session.quit()
    await session.files.finish()
  }

  /// Edits made before the file has been read once are kept, too.
  @Test(arguments: [true, false]) func editsComeBack(isReadThrough: Bool) async throws {
    let session = try open()
    session.type("AAA")
    if isReadThrough {
      try await readThrough(session)
      session.keep()
      await session.files.finish()
    }
    session.kill()
    let second = try open()
    #expect(second.editor.message?.text.contains("Recovered 3 unsaved edits") == true)
    #expect(second.text == "AAA" + text)
    try await readThrough(second)
    try await save(second)
    #expect(home.read("note.txt") == "AAA" + text)
    second.quit()
    await second.files.finish()
  }
}
