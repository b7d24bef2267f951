import Synchronization
import TestSupport
import Testing

@testable import Documents

/// Texts whose bytes are somewhere else.
@Suite struct StoredTextTests {
  /// Bytes that count how many of them were asked for.
  private final class Store: StoredBytes {
    let bytes: [UInt8]
    private let total = Mutex(0)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }
    var readCount: Int { total.withLock { $0 } }

    func read(_ range: Range<Int>) -> [UInt8] {
      total.withLock { $0 += range.count }
      return Array(bytes[range])
    }
  }

  @Test func readsWhatIsLookedAt() {
    let line = Array("0123456789abcde\n".utf8)
    let store = Store(Array(repeatElement(line, count: 1 << 16).joined()))
    let stored = StoredText(store)
    var text = Text(stored)
    #expect(text.count == 1 << 20 && store.readCount == 0)
    #expect(text.bytes(in: 100..<110) == Array("456789abcd".utf8))
    #expect(text.line(at: 33) == 2 && text.offset(ofLine: 3) == 48 && text.lineRange(4) == 64..<79)
    #expect(text.hasLine(1000) && text.offset(ofLineAfter: 7) == 128)
    text.replace(5..<5, with: [0x0A])
    #expect(text.line(at: 33) == 3)
    #expect(store.readCount <= 2 << 16, "one block, and the same to count its lines")
    #expect(text.expectedLineCount > 60_000 && !text.linesAreCounted)
    #expect(stored.countLines())
    text.takeLineCounts()
    let read = store.readCount
    #expect(text.linesAreCounted && text.lineCount == (1 << 16) + 2)
    #expect(text.offset(ofLine: 60_001) == 16 * 60_000 + 1)
    #expect(store.readCount <= read + 1 << 16)
  }

  @Test func countingCanBeStopped() {
    let stored = StoredText(Store(Array(repeating: 0x0A, count: 100)), blockSize: 10)
    var seen = 0
    #expect(
      !stored.countLines { part in
        seen += part.count
        return seen < 30
      })
    #expect(seen == 30)
    var text = Text(stored)
    #expect(text.lineCount == 101)
    text.takeLineCounts()
    #expect(text.lineCount == 101)
  }

  @Test func anEmptyStore() {
    var text = Text(StoredText(Store([])))
    #expect(text.isEmpty && text.lineCount == 1 && text.linesAreCounted)
    text.replace(0..<0, with: Array("a\n".utf8))
    #expect(text.lineCount == 2)
  }

  @Test func lineFeedsAreCountedWherever() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for count in [0, 1, 7, 8, 9, 63, 2047, 2048, 2049, 70_000] {
      let bytes = (0..<count).map { _ in [0x0A, 0x0B, 0x8A, 0x00, 0xFF][random.below(5)] as UInt8 }
      let part = randomRange(count, &random)
      #expect(bytes[part].newlineCount == bytes[part].count { $0 == 0x0A }, "seed \(seed)")
      #expect([UInt8](repeating: 0x0A, count: count)[...].newlineCount == count)
    }
  }

  /// Edits and lookups agree with a plain array, before the lines are counted, while, and after.
  @Test(arguments: [(2, 3), (4, 40), (16, 7), (64, 1000)])
  func agreesWithAPlainArray(chunkLimit: Int, blockSize: Int) {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<max(1, Property.operations / 1000) {
      var model: [UInt8] = []
      while model.count < 3000 { model += awkwardBytes(&random) }
      if round % 5 == 0 { model = model.map { $0 == 0x0A ? 0x20 : $0 } }
      let stored = StoredText(Store(model), blockSize: blockSize)
      var text = Text(stored, chunkLimit: chunkLimit)
      let untouched = (text, model)
      let countsAt = random.below(100)
      for step in 0..<100 {
        let place: Comment = "seed \(seed), round \(round), step \(step)"
        if step == countsAt {
          if random.below(2) == 0 { _ = stored.countLines() }
          text.takeLineCounts()
          #expect(text.linesAreCounted)
        }
        var range = randomRange(model.count, &random)
        if random.below(4) > 0 {
          range = range.lowerBound..<min(range.upperBound, range.lowerBound + 9)
        }
        let bytes = awkwardBytes(&random)
        text.replace(range, with: bytes)
        model.replaceSubrange(range, with: bytes)
        let probe = Int.random(in: 0...model.count, using: &random)
        let line = model[..<probe].count { $0 == 0x0A }
        let start = (model[..<probe].lastIndex(of: 0x0A) ?? -1) + 1
        let feed = model[start...].firstIndex(of: 0x0A)
        let end = feed.map { $0 + 1 } ?? model.count
        #expect(text.line(at: probe) == line, place)
        #expect(text.offset(ofLine: line) == start, place)
        #expect(text.fullLineRange(line) == start..<end, place)
        #expect(text.offset(ofLineAfter: line) == feed.map { $0 + 1 }, place)
        #expect(text.lineBreak(from: probe, within: 20) == (end - probe <= 20 ? end : nil), place)
        let near = text.line(at: probe, within: 20)
        #expect(near.line == line, place)
        #expect(near.range == (end - probe > 20 ? start..<probe + 20 : text.lineRange(line)), place)
        #expect(near.next == (end - probe > 20 ? nil : feed.map { $0 + 1 }), place)
        #expect(text.hasLine(line) && !text.hasLine(-1), place)
        let lines = model.count { $0 == 0x0A } + 1
        #expect(!text.hasLine(lines) && text.hasLine(lines - 1) && text.lineCount == lines, place)
        guard step % 16 == 0 else { continue }
        text.checkInvariants()
        #expect(text.contents() == model, place)
        #expect(text == Text(model), place)
      }
      #expect(untouched.0.contents() == untouched.1, "seed \(seed)")
      if text.contents() != model { return }
    }
  }

  @Test func documentsTakeTheirMarkFromIt() throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array("a\nb\n".utf8)
    var document = Document(contents: Text(StoredText(Store(bytes), blockSize: 4)))
    #expect(document.format.hasByteOrderMark && document.text == Text("a\nb\n"))
    #expect(try document.contents() == bytes)
    #expect(try document.encodedCount() == bytes.count)
    document.takeLineCounts()
    #expect(document.text.lineCount == 3)
  }
}
