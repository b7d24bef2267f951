import TestSupport
import Testing

@testable import Documents

@Suite struct SegmentationTests {
  private func graphemes(_ text: Text) -> [Int] {
    var result = [0]
    while let last = result.last, last < text.count {
      result.append(text.nextGrapheme(after: last))
    }
    return result
  }

  @Test func clustersAreSwiftCharacters() {
    let string = "a\r\ne\u{301}👩‍🌾🇩🇪🇫🇷日本\n\u{600}1 कि\n"
    let text = Text(Array(string.utf8), chunkLimit: 3)
    var expected = [0]
    for character in string { expected.append(expected[expected.count - 1] + character.utf8.count) }
    #expect(graphemes(text) == expected)
    for (start, end) in zip(expected, expected.dropFirst()) {
      #expect(text.previousGrapheme(before: end) == start)
      for offset in start..<end { #expect(text.graphemeBoundary(atOrBefore: offset) == start) }
    }
    #expect(text.clusters(in: 0..<text.count).map(\.range.lowerBound) == expected.dropLast())
  }

  @Test func strayBytesAreClusters() {
    let text = Text([0x61, 0xFF, 0xE2, 0x82, 0x62, 0xC3])
    #expect(graphemes(text) == [0, 1, 2, 3, 4, 5, 6])
    #expect(text.previousGrapheme(before: 6) == 5)
    #expect(
      text.clusters(in: 0..<6).map(\.kind) == [
        .text, .control, .control, .control, .text, .control,
      ])
  }

  @Test func bothWaysAgreeOnAnything() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<Property.operations / 50 {
      let text = Text((0..<10).flatMap { _ in awkwardBytes(&random) }, chunkLimit: 4)
      let forward = graphemes(text)
      var backward = [text.count]
      while let last = backward.last, last > 0 {
        backward.append(text.previousGrapheme(before: last))
      }
      #expect(Array(backward.reversed()) == forward, "seed \(seed), round \(round)")
      let clusters = text.clusters(in: 0..<text.count)
      #expect([0] + clusters.map(\.range.upperBound) == forward, "seed \(seed), round \(round)")
      for offset in [0, text.count / 2, text.count] {
        for range in [
          text.wordRange(at: offset), text.sentenceRange(at: offset),
          text.paragraphRange(at: offset),
        ] {
          #expect(range.lowerBound >= 0 && range.upperBound <= text.count, "seed \(seed)")
        }
      }
      var offset = 0
      while offset < text.count {
        let next = text.nextWordEnd(after: offset)
        #expect(next > offset, "seed \(seed), round \(round)")
        if next <= offset { break }
        offset = next
      }
      while offset > 0 {
        let previous = text.previousWordStart(before: offset)
        #expect(previous < offset, "seed \(seed), round \(round)")
        if previous >= offset { break }
        offset = previous
      }
    }
  }

  @Test func aPileOfMarksIsPassed() {
    let text = Text("a" + String(repeating: "\u{301}", count: 10_000) + "b")
    #expect(text.nextGrapheme(after: 0) > 4000)
    #expect(text.previousGrapheme(before: text.count - 1) < text.count - 1)
  }

  @Test func words() {
    let text = Text("don't  stop-me\nnow, 日本ひら")
    var stops: [Int] = []
    var offset = 0
    while offset < text.count {
      offset = text.nextWordEnd(after: offset)
      stops.append(offset)
    }
    #expect(stops == [5, 11, 12, 14, 18, 19, 26, 32])
    #expect(text.previousWordStart(before: 7) == 0)
    #expect(text.previousWordStart(before: 15) == 12)
    #expect(text.previousWordStart(before: 14) == 12)
    #expect(text.wordRange(at: 2) == 0..<5)
    #expect(text.wordRange(at: 5) == 5..<7)
    #expect(text.wordRange(at: 14) == 12..<14)
    #expect(Text("\n\n").wordRange(at: 1) == 1..<1)
  }

  @Test func paragraphs() {
    let text = Text("one\ntwo\n\n  \nthree\n")
    #expect(text.paragraphRange(at: 5) == 0..<7)
    #expect(text.paragraphRange(at: 8) == 8..<8)
    #expect(text.paragraphRange(at: 14) == 12..<17)
    #expect(text.lineStart(at: 6) == 4)
    #expect(text.lineEnd(at: 4) == 7)
  }
}
