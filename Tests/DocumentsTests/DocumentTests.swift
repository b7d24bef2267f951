import TestSupport
import Testing

@testable import Documents

@Suite struct DocumentTests {
  private func type(_ string: String, into document: inout Document, grouped: Bool = true) {
    let end = document.text.count
    document.apply(
      Transaction(replacing: end..<end, with: string), label: "typing",
      selectionBefore: Selection(end), selectionAfter: Selection(end + string.utf8.count),
      groupsWithPrevious: grouped)
  }

  @Test func typingIsOneUndo() {
    var document = Document("a")
    for letter in ["b", "c", "d"] { type(letter, into: &document) }
    #expect(document.text.description == "abcd")
    #expect(document.isDirty)
    #expect(document.undo() == Selection(1))
    #expect(document.text.description == "a")
    #expect(!document.isDirty)
    #expect(document.undo() == nil)
    #expect(document.redo() == Selection(4))
    #expect(document.text.description == "abcd")
    #expect(document.redo() == nil)
  }

  @Test func savingClosesTheGroup() {
    var document = Document("")
    type("one", into: &document)
    document.markSaved(document.revision)
    type(" two", into: &document)
    #expect(document.isDirty)
    #expect(document.undo() == Selection(3))
    #expect(document.text.description == "one")
    #expect(!document.isDirty)
  }

  @Test func savingDuringTypingLeavesItDirty() {
    var document = Document("")
    type("one", into: &document)
    let revision = document.revision
    type(" two", into: &document)
    document.markSaved(revision)
    #expect(document.isDirty)
  }

  @Test func branchesStayReachable() {
    var document = Document("")
    type("left", into: &document, grouped: false)
    _ = document.undo()
    type("right", into: &document, grouped: false)
    #expect(document.history.nodes[0].children == [1, 2])
    #expect(document.earlier() == Selection(4))
    #expect(document.text.description == "left")
    _ = document.undo()
    _ = document.redo()
    #expect(document.text.description == "left")
    _ = document.later()
    #expect(document.text.description == "right")
    #expect(document.later() == nil)
    #expect(document.history.nodes[2].label == "typing")
  }

  @Test func anyWalkIsByteExact() throws {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    var document = Document(contents: Array("start\r\n".utf8))
    // Hashes, for a long walk visits very many.
    var texts = [0: try document.contents().hashValue]
    for step in 0..<Property.operations {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: _ = document.undo()
      case 1: _ = document.redo()
      case 2: _ = document.earlier()
      case 3: _ = document.later()
      case 4:
        let nodes = document.history.nodes.count
        _ = document.visit(Int.random(in: 0..<nodes, using: &random))
      default:
        if document.text.count > 400 { _ = document.visit(0) }
        document.apply(
          randomTransaction(document.text.count, &random), label: "step",
          selectionBefore: Selection(0), selectionAfter: Selection(0),
          groupsWithPrevious: Bool.random(using: &random))
      }
      let present = try document.contents().hashValue
      let known = texts[document.revision, default: present]
      texts[document.revision] = present
      #expect(known == present, "seed \(seed), step \(step)")
      if known != present { break }
    }
  }

  @Test func lineEndsAreKept() {
    #expect(Document("a\nb\n").lineEnding == .lf)
    #expect(Document("a\r\nb\r\n").lineEnding == .crlf)
    #expect(Document("a\r\nb\nc\r\n").lineEnding == .mixed(prevailing: .crlf))
    #expect(Document("").lineEnding.bytes == [0x0A])
    #expect(Document("a\r\n").lineEnding.bytes == [0x0D, 0x0A])
  }

  @Test(
    arguments: [
      [0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A], [0xFF, 0x00, 0x0A, 0xC3], [0xEF, 0xBB, 0xBF],
      [0xEF, 0xBB],
    ] as [[UInt8]])
  func bytesComeBackAsTheyWere(bytes: [UInt8]) throws {
    let document = Document(contents: bytes)
    #expect(try document.contents() == bytes)
    #expect(document.text.count == bytes.count - (document.format.hasByteOrderMark ? 3 : 0))
  }

  @Test func anchorsFollowEditsAndUndo() {
    var document = Document("one two three")
    let id = document.addAnchor(AnchoredRange(4..<7))
    document.apply(
      Transaction(replacing: 0..<3, with: "first"), label: "edit", selectionBefore: Selection(0),
      selectionAfter: Selection(5))
    #expect(document.range(of: id) == 6..<9)
    _ = document.undo()
    #expect(document.range(of: id) == 4..<7)
    document.removeAnchor(id)
    #expect(document.range(of: id) == nil)
  }
}
