import Documents
import Testing

@testable import Editing

@Suite struct PlainCharacterTests {
  /// Every plain character is what segmentation and the tables of widths say of it.
  @Test func agreesWithSegmentation() {
    var last = Array("a".utf8)
    var count = 0
    for value in UInt32(0x20)...0xFFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = Array(String(scalar).utf8)
      guard let plain = PlainCharacter(in: bytes, at: 0) else { continue }
      count += 1
      let clusters = Text(last + bytes).clusters(in: 0..<last.count + bytes.count)
      guard clusters.count == 2, clusters[1].kind == .text,
        clusters[1].display.width == plain.columns,
        clusters[1].display.text == String(scalar), plain.length == bytes.count
      else {
        Issue.record("U+\(String(value, radix: 16))")
        continue
      }
      last = bytes
    }
    #expect(count > 30_000)
  }

  @Test(arguments: [
    [0xC3], [0xE4, 0xB8], [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
  ])
  func brokenUTF8IsNotPlain(_ bytes: [Int]) {
    #expect(PlainCharacter(in: bytes.map(UInt8.init), at: 0) == nil)
  }
}
