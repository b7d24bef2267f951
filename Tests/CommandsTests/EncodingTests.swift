import Commands
import Documents
import Editing
import Foundation
import Storage
import TestSupport
import Testing

@testable import palimpsest

/// Files in other encodings than UTF-8, from opening to saving, on a real disk.
@MainActor
@Suite struct EncodingTests {
  private let home: Scratch

  init() throws { home = try Scratch() }

  /// An editor of one file.
  @MainActor
  final class Session {
    var files: DocumentFiles
    var editor: Editor
    private let mailbox = Mailbox {}
    private var now = ContinuousClock.now

    init(_ home: Scratch, _ encoding: TextEncoding? = nil, name: String = "note.txt") throws {
      let opened = try DocumentFiles.open(
        DocumentLocation(source: .file(home.path(name))), as: .first, encoding: encoding,
        store: FileStore(recovery: home.path("recover")),
        recovery: RecoveryFolder(home.path("recover")))
      files = opened.files
      var document = opened.document
      document.recordsChanges = true
      editor = Editor(document: document)
      if let message = opened.message { editor.show(message) }
      guard !opened.recoveries.isEmpty else { return }
      for case .settleRecovery(let id, let outcome) in editor.update(
        .recoverable(opened.recoveries))
      {
        files.settle(id, outcome)
      }
    }

    func press(_ keys: String...) async { for key in keys { await send(.key(Key(key)!)) } }

    func type(_ text: String) async {
      for character in text { await send(.key(Key(.character(character)))) }
    }

    /// Runs a command of the palette.
    func run(_ command: String) async {
      await press("Ctrl-P")
      await type(command)
      await press("Enter")
    }

    func send(_ event: Event) async {
      for effect in editor.update(event) {
        switch effect {
        case .save(let request):
          let changes = editor.takeChanges()
          if let event = files.save(
            request, after: changes, deliver: { [mailbox] in mailbox.post($0) })
          {
            await send(event)
          }
          await files.finish()
        case .settleDisk(let settlement):
          if let event = files.settle(settlement, after: editor.takeChanges()) {
            await send(event)
          }
        case .settleRecovery(let id, let outcome): files.settle(id, outcome)
        default: break
        }
      }
      now += .seconds(1)
      if let news = files.keepJournal(
        of: editor.takeChanges(), document: editor.document, now: now)
      {
        await send(news)
      }
      await receive()
    }

    private func receive() async {
      for delivery in mailbox.take() {
        switch delivery {
        case .document(_, let event): await send(event)
        case .saved(_, let outcome):
          await send(files.finish(outcome, after: editor.takeChanges()))
        case .disk(_, let change, since: let before):
          if let event = files.take(
            change, since: before, after: editor.takeChanges(), format: editor.document.format)
          {
            await send(event)
          }
        default: break
        }
      }
    }

    func look() async {
      files.look { [mailbox] in mailbox.post($0) }
      await files.finish()
      await receive()
    }

    /// As a killed process leaves things.
    func kill() { _ = files.close(editor.document, isAbandoned: true) }

    func quit() { _ = files.close(editor.document, isAbandoned: false) }

    var text: String { editor.document.text.description }
    var encoding: TextEncoding { editor.document.format.encoding }
  }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: home.path("note.txt")))
  }

  private func write(_ text: String, _ format: FileFormat) throws {
    try write(Document(Text(text), format).contents())
  }

  private var bytes: [UInt8] {
    FileManager.default.contents(atPath: home.path("note.txt")).map { Array($0) } ?? []
  }

  private static let text = "Déjà vu, garçon\r\nl'été à Nîmes\r\n"

  @Test(arguments: FileFormat.all) func aFileIsEditedInItsEncoding(format: FileFormat) async throws
  {
    try write(Self.text, format)
    let before = bytes
    let session = try Session(home, format.encoding == .windows1252 ? .windows1252 : nil)
    #expect(session.editor.document.format == format && session.text == Self.text)
    #expect(session.editor.document.lineEnding == .crlf)
    await session.type("é")
    await session.press("Enter", "Ctrl-S")
    #expect(!session.editor.document.isDirty)
    let expected = try Document(Text("é\r\n" + Self.text), format).contents()
    #expect(bytes == expected)
    await session.press("Ctrl-Z", "Ctrl-Z", "Ctrl-S")
    #expect(bytes == before)
    session.quit()
  }

  /// What is no text in any encoding that is known comes back byte by byte.
  @Test(
    arguments: [
      [0xFF, 0xFE, 0x61], [0xFF, 0xFE, 0x3D, 0xD8], [0x61, 0, 0x62], [0xC3], [0, 1, 2, 0xFF],
      [0xFE, 0xFF, 0xDC, 0x00],
    ] as [[UInt8]]) func bytesAreKept(bytes before: [UInt8]) async throws
  {
    try write(before)
    let session = try Session(home)
    #expect(session.encoding == .utf8)
    await session.type("x")
    await session.press("Ctrl-S")
    #expect(bytes == [0x78] + before)
    session.quit()
  }

  @Test func aChosenEncodingThatDoesNotFitIsReported() async throws {
    try write([0x61, 0, 0x62])
    let session = try Session(home, .utf16LE)
    #expect(session.encoding == .utf8 && session.editor.message == .notInEncoding(.utf16LE))
    session.quit()
  }

  @Test func aNewFileHasTheChosenEncoding() async throws {
    let session = try Session(home, .utf16BE)
    await session.type("é")
    await session.press("Ctrl-S")
    #expect(bytes == [0xFE, 0xFF, 0, 0xE9])
    session.quit()
  }

  @Test func whatCannotBeWrittenIsNotSaved() async throws {
    try write(Self.text, FileFormat(.latin1))
    let before = bytes
    let session = try Session(home)
    #expect(session.encoding == .latin1)
    await session.press("Down")
    await session.type("€")
    await session.press("Ctrl-S")
    #expect(bytes == before && session.editor.document.isDirty)
    let message = session.editor.message?.text ?? ""
    #expect(message.contains("ISO-8859-1 cannot write line 2, column 1: “€” (U+20AC)"))
    #expect(message.contains("UTF-8"))
    // The edit is in the journal all the same.
    session.kill()
    let second = try Session(home)
    #expect(second.text.contains("€l'été"))
    await second.run("another encoding encoding write")
    for _ in FileFormat.all { await second.press("Up") }
    await second.press("Enter")
    await second.press("Ctrl-S")
    #expect(String(decoding: bytes, as: UTF8.self) == second.text)
    second.quit()
  }

  @Test func theEncodingIsChangedByCommand() async throws {
    try write(Self.text, .utf8)
    let session = try Session(home)
    await session.type("x")
    await session.run("another encoding encoding write")
    await session.press("Down", "Down", "Down", "Enter")
    #expect(session.editor.document.format == FileFormat(.utf16LE, hasByteOrderMark: true))
    // Edits while the journal is that of the file as it was, and after.
    await session.type("y")
    await session.press("Ctrl-S")
    let expected = Document(Text("xy" + Self.text), session.editor.document.format)
    #expect(try bytes == expected.contents())
    await session.type("z")
    session.kill()
    let second = try Session(home)
    #expect(second.text == "xyz" + Self.text && second.encoding == .utf16LE)
    second.quit()
  }

  @Test(arguments: [FileFormat(.utf16LE, hasByteOrderMark: true), FileFormat(.latin1)])
  func unsavedEditsComeBack(format: FileFormat) async throws {
    // More than a journal holds itself.
    for lines in [1, 60_000] {
      try write(String(repeating: Self.text, count: lines), format)
      let first = try Session(home)
      await first.type("é1")
      await first.files.finish()
      first.kill()
      let second = try Session(home)
      #expect(second.text.hasPrefix("é1Déjà"), "\(lines) lines")
      #expect(second.editor.document.isDirty)
      #expect(second.editor.document.format == format)
      await second.press("Ctrl-S")
      let whole = Text("é1" + String(repeating: Self.text, count: lines))
      #expect(try bytes == Document(whole, format).contents())
      second.quit()
    }
  }

  @Test func recoveredEditsAreWrittenInTheEncoding() async throws {
    let format = FileFormat(.utf16LE, hasByteOrderMark: true)
    try write(Self.text, format)
    let first = try Session(home)
    await first.type("é")
    first.kill()
    let recovery = RecoveryFolder(home.path("recover"))
    let leftover = try #require(recovery.leftovers().first)
    let file = try FileStore().load(home.path("note.txt"))
    let disk = try DecodedFile(file.contents, as: RecoveredText.encoding(of: leftover))
    let (text, found) = try RecoveredText.text(of: leftover, in: recovery, onDisk: disk.base)
    #expect(found == format && text == Text("é" + Self.text))
  }

  @Test func anotherProgramChangesTheEncoding() async throws {
    try write(Self.text, FileFormat(.latin1))
    let session = try Session(home)
    let after = FileFormat(.utf16BE, hasByteOrderMark: true)
    try write("l'été\n", after)
    await session.look()
    #expect(session.text == "l'été\n" && session.editor.document.format == after)
    #expect(!session.editor.document.isDirty)
    await session.type("é")
    await session.press("Ctrl-S")
    #expect(try bytes == Document(Text("él'été\n"), after).contents())
    session.quit()
  }

  /// Of plain ASCII nobody can tell.
  @Test func anEncodingIsKeptWhereTheBytesMayBeEither() async throws {
    try write(Self.text, FileFormat(.latin1))
    let session = try Session(home)
    try write("plain\n", .utf8)
    await session.look()
    #expect(session.text == "plain\n" && session.encoding == .latin1)
    session.quit()
  }

  @Test func largeFilesInOtherEncodings() async throws {
    let format = FileFormat(.utf16LE, hasByteOrderMark: true)
    let text = String(repeating: Self.text, count: 250_000)
    try write(text, format)
    #expect(bytes.count > DocumentFiles.heldSize)
    let session = try Session(home)
    #expect(session.encoding == .utf16LE && session.files.held == nil)
    await session.type("é")
    await session.press("Ctrl-S")
    #expect(try bytes == Document(Text("é" + text), format).contents())
    // UTF-8 stays on disk.
    session.quit()
    try write(text, .utf8)
    let plain = try Session(home)
    #expect(plain.files.held != nil)
    plain.quit()
  }
}
