import Commands
import Documents
import Editing
import Foundation
import Storage
import TestSupport
import Testing

@testable import palimpsest

/// What `.editorconfig` files do to documents that are opened.
@MainActor
@Suite struct StyleFinderTests {
  private let home: Scratch
  private let files: OpenFiles

  init() throws {
    home = try Scratch()
    let recovery = home.path("recover")
    files = OpenFiles(
      store: FileStore(recovery: recovery), recovery: RecoveryFolder(recovery),
      styles: StyleFinder())
  }

  private func open(_ name: String, encoding: TextEncoding? = nil) throws -> StartDocument {
    try files.open([DocumentLocation(source: .file(home.path(name)))], encoding: encoding)[0]
  }

  private func config(_ text: String) throws {
    try home.file(".editorconfig", "root = true\n" + text)
  }

  @Test func aNewFileHasItsEncodingAndLineEnds() throws {
    try config("[*]\nend_of_line = crlf\ncharset = utf-8-bom\nindent_size = 3\n")
    let opened = try open("new.txt").document
    #expect(opened.document.format == FileFormat(.utf8, hasByteOrderMark: true))
    #expect(opened.document.lineEnding == .crlf && opened.style.indentWidth == 3)
    var workspace = Workspace(opened)
    _ = workspace.update(.key(Key("Enter")!))
    _ = workspace.update(.key(Key("Ctrl-Z")!))
    _ = workspace.update(.key(Key("Enter")!))
    #expect(workspace.shown.document.text.description == "\r\n")
    #expect(
      try workspace.shown.document.contents() == [0xEF, 0xBB, 0xBF, 0x0D, 0x0A])
  }

  @Test func aFileKeepsItsOwn() throws {
    try config("[*]\nend_of_line = crlf\ncharset = utf-16le\n")
    try home.file("old.txt", "é\n")
    let opened = try open("old.txt").document
    #expect(opened.document.format == .utf8 && opened.document.lineEnding == .lf)
    // What was chosen on the command line counts more.
    #expect(try open("other.txt", encoding: .latin1).document.document.format.encoding == .latin1)
  }

  @Test func aFaultIsReportedOnce() throws {
    try config("[*]\nindent_size = wide\n")
    try home.file("a.txt", "a\n")
    try home.file("b.txt", "b\n")
    let message = try open("a.txt").opened.message
    #expect(message?.kind == .warning)
    #expect(message?.text.contains(".editorconfig:3: indent_size: expected a whole number") == true)
    #expect(try open("b.txt").opened.message == nil)
  }

  /// Neither a folder nor a fifo of that name keeps a document from being opened.
  @Test(arguments: ["mkdir", "mkfifo"]) func otherThingsOfThatName(call: String) throws {
    try home.file("a.txt", "a\n")
    let path = home.path(".editorconfig")
    #expect((call == "mkdir" ? unsafe mkdir(path, 0o755) : unsafe mkfifo(path, 0o600)) == 0)
    let opened = try open("a.txt").document
    #expect(opened.document.text.description == "a\n")
    #expect(opened.style.values.allSatisfy { !$0.source.contains(home.folder) })
  }

  @Test func aFileIsReadAgainInAnotherEncoding() throws {
    try Data([0x63, 0x61, 0x66, 0xE9, 0x0A, 0x80, 0x0A]).write(
      to: URL(filePath: home.path("a.txt")))
    let start = try open("a.txt")
    var workspace = Workspace(start.document)
    #expect(workspace.shown.document.format.encoding == .windows1252)
    _ = workspace.update(.key(Key("Down")!))
    for key in ["Ctrl-P"] { _ = workspace.update(.key(Key(key)!)) }
    for character in "reopen-encoding" { _ = workspace.update(.key(Key(.character(character)))) }
    _ = workspace.update(.key(Key("Enter")!))
    #expect(workspace.shown.picker?.items.count == TextEncoding.allCases.count)
    _ = workspace.update(.key(Key("Up")!))
    let effects = workspace.update(.key(Key("Enter")!))
    guard effects.contains(.reopen(start.id, .latin1)) else {
      Issue.record("\(effects)")
      return
    }
    let opened = try #require(try files.reopen(start.id, in: .latin1))
    _ = workspace.reopened(start.id, opened)
    #expect(workspace.shown.document.text.description == "café\n\u{80}\n")
    #expect(workspace.shown.place.line == 2 && !workspace.shown.document.isDirty)
    // Edits of the document as it is now are kept.
    _ = workspace.update(.key(Key("x")!))
    let changes = workspace.takeChanges(of: start.id)
    #expect(!changes.isEmpty)
    _ = files.keepJournal(
      of: start.id, changes, document: workspace.shown.document, now: .now)
    #expect(files[start.id]?.journal != nil)
    _ = files.closeAll(of: workspace, isAbandoned: false)
  }
}
