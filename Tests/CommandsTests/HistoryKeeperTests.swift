import Commands
import Documents
import Editing
import Foundation
import Platform
import Storage
import TestSupport
import Testing

@testable import palimpsest

/// Undo that is kept from one session to the next, on a real disk.
@MainActor
@Suite struct HistoryKeeperTests {
  private let home: Scratch
  private var folder: String { home.path("undo") }

  init() throws { home = try Scratch() }

  /// An editor of one file from its opening to its end.
  @MainActor
  final class Session {
    let files: DocumentFiles
    var editor: Editor
    private let mailbox = Mailbox {}

    init(_ home: Scratch, _ name: String = "note.txt", never: [String] = []) throws {
      let policy = HistoryPolicy(
        folder: UndoFolder(home.path("undo")),
        never: never.map { PathPattern($0, home: home.folder) })
      let opened = try DocumentFiles.open(
        DocumentLocation(source: .file(home.path(name))), as: .first,
        store: FileStore(recovery: home.path("recover")),
        recovery: RecoveryFolder(home.path("recover")), history: policy)
      files = opened.files
      editor = Editor(document: opened.document)
      editor.now = 1_000_000
    }

    func press(_ keys: String...) async {
      for key in keys {
        await send(.key(Key(key)!))
      }
    }

    func type(_ text: String) async {
      for character in text { await send(.key(Key(.character(character)))) }
    }

    private func send(_ event: Event) async {
      for effect in editor.update(event) {
        switch effect {
        case .save(let request):
          if let event = files.save(request, after: [], deliver: { [mailbox] in mailbox.post($0) })
          {
            await send(event)
          }
          await files.finish()
        case .loadHistory:
          files.loadHistory { [mailbox] in mailbox.post($0) }
          await files.finish()
        default: break
        }
      }
      for delivery in mailbox.take() {
        switch delivery {
        case .document(_, let event): await send(event)
        case .saved(_, let outcome):
          await send(files.finish(outcome, after: []))
          await files.finish()
        default: break
        }
      }
    }

    func quit() async {
      _ = files.close(editor.document, isAbandoned: false)
      await files.finish()
    }

    var text: String { editor.document.text.description }
  }

  private func session(_ name: String = "note.txt", never: [String] = []) throws -> Session {
    try Session(home, name, never: never)
  }

  private var kept: [String] { Files.names(in: folder).sorted() }

  @Test func undoGoesOnAfterReopening() async throws {
    try home.file("note.txt", "text\n")
    let first = try session()
    await first.type("one ")
    await first.press("Ctrl-S")
    await first.quit()
    let second = try session()
    await second.type("two ")
    await second.press("Ctrl-S")
    // Saving has read what the first session kept.
    await second.press("Ctrl-Z", "Ctrl-Z")
    #expect(second.text == "text\n")
    await second.press("Ctrl-Y", "Ctrl-Y")
    await second.quit()
    #expect(kept.count == 1)
    let third = try session()
    #expect(third.text == "two one text\n" && third.editor.document.history.nodes.count == 1)
    await third.press("Ctrl-Z", "Ctrl-Z")
    #expect(third.text == "text\n")
    await third.press("Ctrl-S")
    await third.quit()
    let fourth = try session()
    await fourth.press("Ctrl-Y", "Ctrl-Y")
    #expect(fourth.text == "two one text\n")
    await fourth.quit()
  }

  /// What was undone again before the end is kept as redo, with what earlier sessions kept.
  @Test func anUnsavedWayIsKept() async throws {
    try home.file("note.txt", "text\n")
    let first = try session()
    await first.type("one ")
    await first.press("Ctrl-S")
    await first.quit()
    let second = try session()
    await second.type("two ")
    await second.press("Ctrl-Z")
    await second.quit()
    let third = try session()
    await third.press("Ctrl-Y")
    #expect(third.text == "two one text\n")
    await third.press("Ctrl-Z", "Ctrl-Z")
    #expect(third.text == "text\n")
  }

  @Test func anotherTextHasNoneOfIt() async throws {
    try home.file("note.txt", "text\n")
    let first = try session()
    await first.type("one ")
    await first.press("Ctrl-S")
    await first.quit()
    try home.file("note.txt", "one TEXT\n")
    let second = try session()
    await second.press("Ctrl-Z")
    #expect(second.text == "one TEXT\n" && second.editor.message == .undoOfAnotherText)
  }

  /// The file is cut off at every byte: what comes is a text of the history, or a message.
  @Test func anyPartOfTheFileGivesTextsOfTheHistory() async throws {
    try home.file("note.txt", "t\n")
    let first = try session()
    var texts: Set<String> = ["t\n"]
    for word in ["a", "b", "c"] {
      for key in [word, "Enter"] {
        await first.press(key)
        texts.insert(first.text)
      }
    }
    await first.press("Ctrl-S")
    await first.quit()
    let path = folder + "/" + (try #require(kept.first))
    let whole = try Data(contentsOf: URL(filePath: path))
    let text = try #require(home.read("note.txt"))
    let base = UndoFile.Base(hash: ContentHash.hash(Array(text.utf8)), format: "utf-8")
    for end in 0...whole.count {
      try whole.prefix(end).write(to: URL(filePath: path))
      let reply = HistoryReply(UndoFolder(folder).load(home.path("note.txt"), of: base))
      var editor = Editor(document: Document(text, path: home.path("note.txt")))
      _ = editor.update(.key(Key("Ctrl-Z")!))
      _ = editor.update(.history(reply))
      #expect(end == whole.count || editor.message?.kind == .warning, "cut at \(end)")
      var undone = editor.document.text.description == text ? 0 : 1
      while editor.message != .nothingToUndo, undone < 10 {
        #expect(texts.contains(editor.document.text.description), "cut at \(end)")
        _ = editor.update(.key(Key("Ctrl-Z")!))
        undone += 1
      }
      #expect(undone < 10 && (end < whole.count || editor.document.text.description == "t\n"))
    }
  }

  @Test func someDocumentsAreNotKept() async throws {
    for name in ["private/diary.txt", ".git/COMMIT_EDITMSG"] {
      try FileManager.default.createDirectory(
        atPath: Path.folder(of: home.path(name)), withIntermediateDirectories: true)
      try home.file(name, "text\n")
      let first = try session(name, never: ["~/private/*"])
      await first.type("one ")
      await first.press("Ctrl-S")
      await first.quit()
      #expect(kept.isEmpty, "\(name)")
    }
  }

  @Test func aFileThatStaysOnDiskHasIt() async throws {
    try home.file("note.txt", String(repeating: "a line of text\n", count: 600_000))
    let first = try session()
    await first.type("one ")
    await first.press("Ctrl-S")
    await first.quit()
    let second = try session()
    second.files.readThrough { _ in }
    await second.press("Ctrl-Z")
    #expect(second.text.hasPrefix("a line"))
    await second.quit()
  }
}
