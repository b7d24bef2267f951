import Rendering
import Testing

@testable import Terminals

@Suite struct PiecesTests {
  /// A C library that knows ASCII, one mark, kanji and flags.
  private func width(_ scalar: UInt32) -> Int {
    switch scalar {
    case ..<0x20: -1
    case 0x301: 0
    case 0x4e00...0x9fff: 2
    case 0x1f1e6...0x1f1ff: 1
    case 0x1fae0: -1
    default: 1
    }
  }

  private func pieces(_ text: String, width: Int, capacity: Int = 5) -> [Pieces.Piece] {
    Pieces(Cell(text, width: width), width: self.width, capacity: capacity).list
  }

  private func piece(_ column: Int, _ scalars: [Int32]) -> Pieces.Piece {
    Pieces.Piece(column: column, scalars: scalars + [0])
  }

  @Test func clusters() {
    #expect(pieces("a", width: 1) == [piece(0, [0x61])])
    #expect(pieces("e\u{301}", width: 1) == [piece(0, [0x65, 0x301])])
    #expect(pieces("漢", width: 2) == [piece(0, [0x6f22])])
    #expect(
      pieces("\u{1f1e9}\u{1f1ea}", width: 2) == [piece(0, [0x1f1e9]), piece(1, [0x1f1ea])])
  }

  @Test func marksBeyondACellAreLeftOut() {
    let text = "e" + String(repeating: "\u{301}", count: 9)
    #expect(pieces(text, width: 1).first?.scalars.count == 6)
  }

  @Test func disagreementBecomesAReplacement() {
    let replacement = [piece(0, [0xFFFD]), piece(1, [0x20])]
    #expect(pieces("\u{1fae0}", width: 2) == replacement)
    #expect(pieces("漢", width: 1) == [piece(0, [0xFFFD])])
    #expect(pieces("\u{1b}", width: 1) == [piece(0, [0xFFFD])])
    #expect(pieces("", width: 1) == [piece(0, [0xFFFD])])
  }
}

@Suite struct PairCacheTests {
  @Test func numbersAreKept() {
    var cache = PairCache(capacity: 4)
    #expect(cache.number(foreground: -1, background: -1) == (0, false))
    #expect(cache.number(foreground: 7, background: 0) == (1, true))
    #expect(cache.number(foreground: 7, background: 0) == (1, false))
    #expect(cache.number(foreground: 2, background: 0) == (2, true))
    #expect(cache.number(foreground: 2, background: 4) == (3, true))
    #expect(!cache.isFull)
    // No number is left: the same ground if there is one, else the terminal's colours.
    #expect(cache.number(foreground: 5, background: 4) == (3, false))
    #expect(cache.isFull)
    #expect(cache.number(foreground: 5, background: 6) == (0, false))
    cache.reset()
    #expect(cache.number(foreground: 5, background: 6) == (1, true))
  }
}

@Suite struct ClipboardSequenceTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("ÿ", "w78="),
  ])
  func base64(text: String, code: String) {
    #expect(ClipboardSequence.base64(Array(text.utf8)) == code)
  }

  @Test func nothingOfTheTextGetsThrough() throws {
    let sequence = try #require(ClipboardSequence.copy("\u{07}\u{1b}]0;x"))
    #expect(sequence == "\u{1b}]52;c;BxtdMDt4\u{07}")
  }

  @Test func longTextsAreRefused() {
    #expect(ClipboardSequence.copy(String(repeating: "x", count: 74_995)) == nil)
    #expect(ClipboardSequence.copy(String(repeating: "x", count: 74_994)) != nil)
  }
}
