import Testing

@testable import Documents

@Suite struct DisplayTests {
  @Test func widthsAgreeWithTheReference() {
    for (value, width) in widthSamples {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(CellWidth.columns(scalar) == width, "U+\(String(value, radix: 16))")
    }
  }

  @Test(arguments: [
    ("a", "a", 1), ("日", "日", 2), ("e\u{301}", "e\u{301}", 1), ("👩‍🌾", "👩", 2), ("👍🏽", "👍", 2),
    ("🇩🇪", "🇩🇪", 2), ("❤\u{FE0F}", "❤", 1), ("\u{301}", "◌\u{301}", 1), ("\u{0}", "␀", 1),
    ("\u{1B}", "␛", 1), ("\u{7F}", "␡", 1), ("\u{9B}", "␦", 1), ("\u{202E}", "␦", 1),
    ("\u{FEFF}", "␦", 1), ("\u{2028}", "␦", 1), ("\u{AD}", "␦", 1), ("की", "की", 2), ("\r", "␍", 1),
    ("हि", "हि", 2), ("न्दी", "न्दी", 3), ("क्ष्म्य", "क्ष्म्य", 4), ("น้ำ", "น้ำ", 2), ("ந்", "ந்", 1), ("கொ", "கொ", 2),
    ("1\u{FE0F}\u{20E3}", "1\u{20E3}", 1), ("❤\u{FE0F}\u{200D}🔥", "❤", 1),
    ("\u{600}1", "\u{600}1", 2), ("각", "각", 2),
  ])
  func forms(cluster: String, shown: String, width: Int) {
    let form = DisplayForm(of: cluster)
    #expect(form.text == shown && form.width == width)
  }

  @Test func nothingShownControlsATerminal() {
    for value in 0...0x10FFFF as ClosedRange<UInt32> where value < 0x3000 || value % 97 == 0 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let form = DisplayForm(of: String(scalar))
      #expect(
        form.width >= 1 && form.text.unicodeScalars.count <= 5, "U+\(String(value, radix: 16))")
      #expect(
        form.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
        "U+\(String(value, radix: 16))")
    }
    #expect(DisplayForm.visible("a\u{1B}[2Jb\r\n") == "a␛[2Jb␍")
  }

  @Test func pilesOfMarksAreCutToACell() {
    let form = DisplayForm(of: "e" + String(repeating: "\u{301}", count: 30))
    #expect(form.text.unicodeScalars.count == 5)
    #expect(form.width == 1)
  }

  @Test func kinds() {
    let clusters = Text("\ta\r\n\r\u{200B}").clusters(in: 0..<8)
    #expect(clusters.map(\.kind) == [.tab, .text, .newline, .control, .control])
  }

  /// Lines, tabs, emoji and letters of all kinds stay; what a terminal would obey does not.
  @Test(arguments: [
    ("a\tb\nc\r\nd\n", "a\tb\nc\r\nd\n"), ("a\rb", "a␍b"), ("\u{1B}[31mred\u{7}", "␛[31mred␇"),
    ("\u{9B}31m\u{7F}", "␦31m␡"), ("a\u{202E}b\u{2066}c\u{2028}d", "a␦b␦c␦d"),
    ("👩‍🌾 e\u{301} नमस्ते שלום", "👩‍🌾 e\u{301} नमस्ते שלום"), ("\r", "␍"), ("", ""),
  ])
  func terminalsAreGivenNothingToObey(text: String, shown: String) {
    #expect(DisplayForm.harmless(text) == shown)
  }
}
