import Editing
import Testing

@testable import Terminals

/// xorshift64*, so that a seed names a run.
private struct Random: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

@Suite struct KeyDecoderPropertyTests {
  /// Parts of sequences and plain bytes: their random chains reach every state.
  private static let parts: [[UInt8]] =
    [
      "\u{1b}", "\u{1b}[", "\u{1b}O", "\u{1b}]", "\u{1b}P", "\u{1b}\\", "\u{07}", "[", "A", "M",
      "<0;10;5", "1;5C", "3~", "97;6u", "\u{1b}[200~", "\u{1b}[201~", "201~", "\r\n", "é", "漢字",
      "😀", "\u{1b}[<64;3;3M", "27;3;13~", ";;:", "x",
    ].map { Array($0.utf8) } + [[0xe6], [0xbc, 0xa2], [0xff], [0x00], [0x18], [0x9f]]

  private static func bytes(_ random: inout Random) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      if Bool.random(using: &random) {
        bytes += parts.randomElement(using: &random) ?? []
      } else {
        bytes.append(UInt8.random(in: 0...255, using: &random))
      }
    }
    return bytes
  }

  @Test(arguments: 1...400 as ClosedRange<UInt64>)
  func anySplitGivesTheSameEvents(seed: UInt64) {
    var random = Random(seed: seed)
    let bytes = Self.bytes(&random)
    var whole = KeyDecoder()
    let expected = whole.feed(bytes, now: 7) + whole.flush(now: 10_000)

    for _ in 0..<8 {
      var decoder = KeyDecoder()
      var events: [Event] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let size = Int.random(in: 1...min(rest.count, 5), using: &random)
        events += decoder.feed(Array(rest.prefix(size)), now: 7)
        rest = rest.dropFirst(size)
      }
      events += decoder.flush(now: 10_000)
      #expect(events == expected, "seed \(seed)")
      #expect(decoder.state == whole.state, "seed \(seed)")
    }
  }

  /// All of the ways to cut a short run of bytes, sequences of all kinds among them.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func everySplitOfShortInput(seed: UInt64) {
    var random = Random(seed: seed)
    let bytes = Array(Self.bytes(&random).prefix(10))
    var whole = KeyDecoder()
    let expected = whole.feed(bytes, now: 7) + whole.flush(now: 10_000)
    for cuts in 0..<1 << max(0, bytes.count - 1) {
      var decoder = KeyDecoder()
      var events: [Event] = []
      var part: [UInt8] = []
      for (index, byte) in bytes.enumerated() {
        part.append(byte)
        if cuts >> index & 1 == 1 || index == bytes.count - 1 {
          events += decoder.feed(part, now: 7)
          part = []
        }
      }
      events += decoder.flush(now: 10_000)
      #expect(events == expected, "seed \(seed), cuts \(String(cuts, radix: 2))")
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func quietEndsEverySequence(seed: UInt64) {
    var random = Random(seed: seed)
    var decoder = KeyDecoder()
    _ = decoder.feed(Self.bytes(&random), now: 0)
    _ = decoder.flush(now: KeyDecoder.pasteDelay)
    #expect(decoder.state == .ground, "seed \(seed)")
    #expect(decoder.feed([0x78], now: 9000) == [.key(Key(.character("x")))], "seed \(seed)")
  }

  /// A long paste comes in parts that are bounded, cut no character and together are its text; what
  /// follows its end are keys. At every split of the bytes.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func longPastesComeInParts(seed: UInt64) {
    var random = Random(seed: seed)
    let parts = ["a", "é", "漢", "😀", "\r\n", "\r", "\n", "\u{1b}", "\u{1b}[20", "~", "word "]
    let text = (0..<40).compactMap { _ in parts.randomElement(using: &random) }.joined()
    let bytes = Array("\u{1b}[200~\(text)\u{1b}[201~x".utf8)
    var unbounded = KeyDecoder()
    let whole = unbounded.feed(bytes, now: 0)
    var inOnePiece: [Event] = []
    for split in bytes.indices {
      var decoder = KeyDecoder()
      decoder.longestPaste = 16
      let events =
        decoder.feed(Array(bytes[..<split]), now: 0) + decoder.feed(Array(bytes[split...]), now: 0)
      if split == 0 { inOnePiece = events }
      #expect(events == inOnePiece, "seed \(seed), split \(split)")
    }
    var pasted: [String] = []
    for case .paste(let part) in inOnePiece { pasted.append(part) }
    #expect([.paste(pasted.joined()), .key(Key(.character("x")))] == whole, "seed \(seed)")
    #expect(pasted.allSatisfy { $0.utf8.count <= 16 + 4 }, "seed \(seed)")
    #expect(pasted.count > 1 && inOnePiece.count == pasted.count + 1, "seed \(seed)")
  }
}
