import Storage
import TestSupport
import Testing

@testable import palimpsest

/// `palimpsest recover`, on what journals have left.
@Suite struct RecoverTests {
  private let home: Scratch
  private let file: String

  init() throws {
    home = try Scratch()
    file = home.path("note.txt")
  }

  /// Leaves a text with `added` before it, as a killed editor does; the name of what is left.
  private func leave(_ added: String, before text: String, of document: String) -> String {
    let recovery = RecoveryFolder(home.path("state/palimpsest/recover"))
    let before = Set(recovery.leftovers().map(\.id))
    let keeper = JournalKeeper(recovery, document: document, base: Contents(Array(text.utf8)))
    keeper.record([JournalEdit(range: 0..<0, replacement: Array(added.utf8))])
    _ = keeper.advance(now: .now) { Contents([]) }
    keeper.close()
    return recovery.leftovers().first { !before.contains($0.id) }?.id ?? "none"
  }

  private func recover(_ arguments: String...) throws -> BuiltProgram.Result {
    try BuiltProgram.run(["recover"] + arguments, home: home)
  }

  @Test func listsShowsRestoresAndDiscards() throws {
    #expect(try recover().output == "")
    try home.file("note.txt", "text\n")
    let named = leave("new ", before: "text\n", of: file)
    let unnamed = leave("precious", before: "", of: "unnamed-7")
    let list = try recover().output
    #expect(list.contains("\(named)  1 unsaved edit, 2"))
    #expect(list.contains(file) && list.contains("a document without a name"))
    let json = try recover("list", "--json").output
    #expect(json.contains(#""id":"\#(named)","kind":"edits","document":"\#(file)""#))

    #expect(try recover("show", named).output == "new text\n")
    #expect(try recover("show", named, "--diff").output == "- text\n+ new text\n")
    #expect(try recover("show", String(unnamed.prefix(6))).output == "precious")

    #expect(try recover("restore", named).status == 0)
    #expect(home.read("note.txt") == "new text\n")
    let refused = try recover("restore", unnamed)
    #expect(refused.status == 1 && refused.error.contains("--output"))
    #expect(try recover("restore", unnamed, "--output", file).status == 1)
    #expect(home.read("note.txt") == "new text\n")
    #expect(try recover("restore", unnamed, "--output", home.path("new.txt")).status == 0)
    #expect(home.read("new.txt") == "precious")
    #expect(try recover().output == "")

    let last = leave("x", before: "", of: "unnamed-7")
    #expect(try recover("discard", "nothing").status == 1)
    #expect(try recover("discard").status == 64)
    #expect(try recover("discard", last).status == 0)
    #expect(try recover().output == "")
  }

  @Test func whatWasUndoneIsNotListed() throws {
    try home.file("note.txt", "text\n")
    let id = leave("", before: "text\n", of: file)
    _ = leave("", before: "", of: "unnamed-7")
    #expect(id != "none")
    #expect(try recover().output == "")
    try home.file("note.txt", "changed\n")
    #expect(try recover().output.contains(id))
  }

  @Test func aChangedFileIsNotWrittenOver() throws {
    let id = leave("new ", before: "text\n", of: file)
    try home.file("note.txt", "OUTSIDE\n")
    let refused = try recover("restore", id)
    #expect(refused.status == 1 && refused.error.contains("has changed since"))
    #expect(home.read("note.txt") == "OUTSIDE\n")
    #expect(try recover("show", id, "--diff").output == "- OUTSIDE\n+ new text\n")
    #expect(try recover("restore", id, "--force").status == 0)
    #expect(home.read("note.txt") == "new text\n")
  }
}
