import Documents
import TestSupport
import Testing

@Suite struct HardWrapTests {
  @Test(arguments: [
    ("aa bb cc", 5, "aa bb|cc"), ("aa|bb|cc", 5, "aa bb|cc"), ("  aa bb cc", 7, "  aa bb|  cc"),
    ("> aa bb cc", 7, "> aa bb|> cc"), ("- aa bb cc", 7, "- aa bb|  cc"),
    ("- aa|- bb|  cc", 9, "- aa|- bb cc"), ("12. aa bb cc", 9, "12. aa bb|    cc"),
    ("aa||bb|cc", 9, "aa||bb cc"), ("| a | b |||cc|dd", 20, "| a | b |||cc dd"),
    ("// aa bb cc", 8, "// aa bb|// cc"), ("/// aa|/// bb cc", 9, "/// aa bb|/// cc"),
    ("  aa bb|cc dd", 7, "  aa bb|cc dd"), ("aaaaaaaaaa bb", 4, "aaaaaaaaaa|bb"),
    ("aa  |bb", 9, "aa  |bb"), ("aa\\|bb", 9, "aa\\|bb"), ("", 9, ""),
    ("漢字漢字、漢字", 8, "漢字漢|字、漢字"), ("漢字|漢字", 20, "漢字漢字"), ("漢字 aa|bb", 20, "漢字 aa bb"),
    ("> > aa bb", 6, "> > aa|> > bb"),
  ])
  func lines(before: String, width: Int, after: String) {
    // `|` is a line end; a table is written with `|` on lines of its own below.
    let isTable = before.hasPrefix("| a")
    func split(_ text: String) -> [String] {
      isTable
        ? text == before
          ? ["| a | b |", "", "cc", "dd"] : ["| a | b |", "", "cc dd"]
        : text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
    let wrap = HardWrap(width: width, commentSign: "//")
    #expect(wrap.wrapped(split(before)) == split(after))
  }

  /// Wrapping neither loses nor adds a letter, keeps to the width, and does nothing twice.
  @Test func wrappingKeepsTheWords() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let words = ["a", "bcd", "efghijk", "", "漢字", "- x", "1. y", "> z", "é"]
      let lines = (0..<8).map { _ in
        (0..<random.below(6)).map { _ in words[random.below(words.count)] }.joined(separator: " ")
      }
      let wrap = HardWrap(width: 8 + random.below(20))
      let once = wrap.wrapped(lines)
      func letters(_ lines: [String]) -> String {
        lines.joined().filter { !$0.isWhitespace && $0 != ">" }
      }
      #expect(letters(once) == letters(lines), "seed \(seed)")
    }
  }

  @Test func words() {
    func count(_ text: String) -> WordCount {
      let text = Text(text)
      return text.wordCount(in: 0..<text.count)
    }
    #expect(count("") == WordCount())
    #expect(count("It's well-known – 3.5 m.\n") == WordCount(words: 4, characters: 24))
    #expect(count("漢字とe\u{301}") == WordCount(words: 4, characters: 4))
    #expect(WordCount(words: 239).minutes == 2)
  }
}
