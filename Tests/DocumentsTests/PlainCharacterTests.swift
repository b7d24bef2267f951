import Testing

@testable import Documents

@Suite struct PlainCharacterTests {
  /// Every plain character is what segmentation and the tables of widths say of it.
  @Test func agreesWithTheTables() {
    let symbolsAndMarks: Set<Unicode.GeneralCategory> = [
      .control, .format, .lineSeparator, .paragraphSeparator, .nonspacingMark, .enclosingMark,
      .spacingMark,
    ]
    var last = "a"
    var count = 0
    for value in UInt32(0x20)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), PlainCharacter.columns(scalar) > 0 else { continue }
      count += 1
      let text = String(scalar)
      guard (last + text).count == 2, !symbolsAndMarks.contains(scalar.properties.generalCategory),
        CellWidth.columns(scalar) == PlainCharacter.columns(scalar)
      else {
        Issue.record("U+\(String(value, radix: 16))")
        continue
      }
      last = text
    }
    #expect(count > 30_000)
  }
}
