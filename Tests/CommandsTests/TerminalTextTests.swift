import Testing

@testable import palimpsest

@Suite struct TerminalTextTests {
  private func visible(_ text: String) -> String {
    String(decoding: TerminalText.visible(Array(text.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    "", "\n", "a\tb\n\nc", "a\r\nb\r\n", "naïve 日本語 🙂\n", "no end",
  ])
  func plainTextStays(_ text: String) { #expect(visible(text) == text) }

  @Test func controlsBecomeVisible() {
    #expect(visible("\u{1B}]0;title\u{7}\rx\u{8}\u{7F}\n") == "␛]0;title␇␍x␈␡\n")
    #expect(!visible("\u{9B}2J\u{202E}").unicodeScalars.contains { $0.value == 0x9B })
  }

  @Test func otherBytesAreNoControls() {
    let output = TerminalText.visible([0x61, 0x9B, 0x1B, 0xFF, 0x0A])
    #expect(!output.contains(0x1B) && output.last == 0x0A)
    #expect(String(validating: output, as: UTF8.self) != nil)
  }
}
