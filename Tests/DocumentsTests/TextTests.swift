import TestSupport
import Testing

@testable import Documents

@Suite struct TextTests {
  @Test func linesEndWithLineFeeds() {
    let text = Text("one\ntwo\r\n\nlast")
    #expect(text.lineCount == 4)
    #expect((0..<4).map { text.string(in: text.lineRange($0)) } == ["one", "two", "", "last"])
    #expect(text.string(in: text.fullLineRange(1)) == "two\r\n")
    #expect(text.line(at: 3) == 0)
    #expect(text.line(at: 4) == 1)
    #expect(text.line(at: text.count) == 3)
  }

  @Test func aFinalNewlineOpensALine() {
    #expect(Text("").lineCount == 1)
    #expect(Text("").lineRange(0) == 0..<0)
    #expect(Text("a\n").lineCount == 2)
    #expect(Text("a\n").lineRange(1) == 2..<2)
    #expect(Text("\r\n").lineRange(0) == 0..<0)
  }

  @Test func copiesAreSnapshots() {
    var text = Text("before")
    let snapshot = text
    text.replace(0..<6, with: Array("after".utf8))
    #expect(snapshot == Text("before"))
    #expect(text == Text("after"))
    #expect(text != snapshot)
  }

  @Test func equalityIgnoresLeaves() {
    let bytes = Array("some text that is longer than a leaf".utf8)
    #expect(Text(bytes, chunkLimit: 3) == Text(bytes, chunkLimit: 7))
    #expect(Text(bytes, chunkLimit: 3) != Text(bytes.reversed(), chunkLimit: 3))
  }

  @Test func largeEditsAndLookups() {
    let line = Array("0123456789\n".utf8)
    let bytes = Array(repeatElement(line, count: 20_000).joined())
    var text = Text(bytes)
    #expect(text.lineCount == 20_001)
    #expect(text.offset(ofLine: 12_345) == 12_345 * 11)
    text.replace(11..<11 * 19_999, with: [])
    #expect(text.contents() == line + line)
    text.replace(11..<11, with: bytes)
    #expect(text.lineCount == 20_003)
    #expect(text.contents() == line + bytes + line)
  }

  @Test(arguments: [2, 3, 5, 16, 2048])
  func agreesWithAPlainArray(chunkLimit: Int) {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    var model: [UInt8] = []
    var text = Text([], chunkLimit: chunkLimit)
    var snapshots: [(Text, [UInt8])] = []
    for step in 0..<Property.operations / 5 {
      let range = randomRange(model.count, &random)
      let isLong = Int.random(in: 0..<200, using: &random) == 0
      let bytes = isLong ? model : awkwardBytes(&random)
      if model.count + bytes.count > 20_000 {
        text.replace(0..<model.count, with: [])
        model = []
        continue
      }
      text.replace(range, with: bytes)
      model.replaceSubrange(range, with: bytes)
      let place = "seed \(seed), step \(step)"
      #expect(text.count == model.count, "\(place)")
      let probe = Int.random(in: 0...model.count, using: &random)
      let line = model[..<probe].count { $0 == 0x0A }
      #expect(text.line(at: probe) == line, "\(place)")
      let start = (model[..<probe].lastIndex(of: 0x0A) ?? -1) + 1
      #expect(text.offset(ofLine: line) == start, "\(place)")
      if step % 16 == 0 {
        #expect(text.contents() == model, "\(place)")
        #expect(text == Text(model), "\(place)")
        let part = randomRange(model.count, &random)
        #expect(text.bytes(in: part) == Array(model[part]), "\(place)")
        text.checkInvariants()
      }
      if step % 64 == 0 { snapshots.append((text, model)) }
      if text.contents() != model { break }
    }
    #expect(snapshots.allSatisfy { $0.contents() == $1 }, "seed \(seed): a snapshot changed")
  }
}
