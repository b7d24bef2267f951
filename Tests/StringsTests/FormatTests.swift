import Strings
import Testing

struct FormatTests {
  @Test(arguments: [
    (0.0, 3, "0.000"), (-0.0004, 3, "0.000"), (1.0005, 3, "1.001"), (-12.5, 1, "-12.5"),
    (2.5, 0, "3"), (0.05, 2, "0.05"), (0.9999, 2, "1.00"), (.nan, 2, "nan"), (.infinity, 1, "inf"),
  ])
  func decimals(_ value: Double, _ places: Int, _ text: String) {
    #expect(value.fixed(places) == text)
  }

  @Test func nouns() {
    #expect(1.counted("mask") == "1 mask")
    #expect(0.counted("mask") == "0 masks")
    #expect(2.counted("pass", "passes") == "2 passes")
  }

  @Test func columns() {
    #expect("né".leading(4) == "né  ")
    #expect("né".trailing(4) == "  né")
    #expect("longer".trailing(4) == "longer")
  }

  @Test func messagesAreOneLine() {
    #expect("a\u{1B}\n\u{202E}é".escapedForMessage == "a\\u{1b}\\u{a}\\u{202e}é")
    #expect(String(repeating: "x", count: 81).quotedForMessage.count == 83)
  }

  @Test func whatSteersIsControl() {
    let controls: [Unicode.Scalar] = [
      "\u{0}", "\u{1B}", "\u{7F}", "\u{9B}", "\u{61C}", "\u{200B}", "\u{200E}", "\u{2028}",
      "\u{202E}",
      "\u{2066}", "\u{FEFF}",
    ]
    let text: [Unicode.Scalar] = [
      "a", "é", "\u{A0}", "\u{AD}", "\u{200C}", "\u{200D}", "\u{600}", "\u{FE0F}", "\u{E0067}",
    ]
    for scalar in controls { #expect(scalar.isControl, "\(scalar.value)") }
    for scalar in text { #expect(!scalar.isControl, "\(scalar.value)") }
  }

  @Test func canonicallyEquivalentStringsAreDifferentKeys() {
    #expect(ByteString("\u{E9}") != ByteString("e\u{301}"))
    #expect(ByteString("e\u{301}") == ByteString("e\u{301}"))
  }
}
