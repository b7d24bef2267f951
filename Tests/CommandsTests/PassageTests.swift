import Commands
import Documents
import Testing

@testable import palimpsest

struct PassageTests {
  static let text = Text("first line\nsecond é👩‍👩‍👧‍👦 line\r\n\nlast")

  private func words(_ passage: Passage, in text: Text = text) -> String {
    text.string(in: passage.inner)
  }

  @Test(arguments: [
    ("1:1-1:6", "first"), ("1:1-1:11", "first line"), ("2:8-2:9", "é"), ("2:9-2:10", "👩‍👩‍👧‍👦"),
    ("2:11-2:15", "line"), ("1:7-2:7", "line\nsecond"), ("2:11-3:1", "line\r\n"), ("3:1-3:1", ""),
    ("4:1-4:5", "last"),
  ])
  func spans(_ span: String, _ expected: String) throws {
    #expect(words(try Passage(span: span, in: Self.text)) == expected)
  }

  @Test(arguments: [
    ("1:1", "--span 1:1: expected LINE:COLUMN-LINE:COLUMN, counted from 1, the end exclusive."),
    ("1-2", "--span 1-2: expected LINE:COLUMN-LINE:COLUMN, counted from 1, the end exclusive."),
    (
      "0:1-1:2",
      "--span 0:1-1:2: expected LINE:COLUMN-LINE:COLUMN, counted from 1, the end exclusive."
    ),
    ("1:1-1:12", "--span 1:1-1:12: line 1 ends at column 11."),
    ("2:1-2:16", "--span 2:1-2:16: line 2 ends at column 15."),
    ("5:1-5:1", "--span 5:1-5:1: no line 5; the document has 4 lines."),
    ("1:5-1:4", "--span 1:5-1:4: the end comes before the start."),
  ])
  func spansThatAreRefused(_ span: String, _ message: String) {
    #expect(throws: CommandFailure(message)) { try Passage(span: span, in: Self.text) }
  }

  @Test func invalidLinesAreNamed() {
    #expect(throws: CommandFailure("--span 2:1-2:2: line 2 is not valid UTF-8.")) {
      try Passage(span: "2:1-2:2", in: Text([0x61, 0x0A, 0xFF, 0x62]))
    }
  }

  @Test func placesAreTheInverseOfOffsets() throws {
    let text = Self.text
    for line in 1...text.lineCount {
      let range = text.lineRange(line - 1)
      let columns = text.string(in: range).count
      for column in 1...columns + 1 {
        let place = TextPlace(line: line, column: column)
        #expect(TextPlace(offset: try place.offset(in: text, spelled: ""), in: text) == place)
      }
    }
  }

  @Test func betweenPatterns() throws {
    let text = Text("x <a>one</a> <a>two</a>")
    #expect(words(try Passage(between: "<a>", and: "</a>", in: text), in: text) == "one")
    #expect(words(try Passage(between: "e<.a> ", and: "$", in: text), in: text) == "<a>two</a>")
    #expect(throws: CommandFailure("--between: nothing matches “<b>”.")) {
      try Passage(between: "<b>", and: "x", in: text)
    }
    #expect(throws: CommandFailure("--between: nothing after 1:6 matches “zz”.")) {
      try Passage(between: "<a>", and: "zz", in: text)
    }
    #expect(throws: CommandFailure.self) { try Passage(between: "(", and: "x", in: text) }
  }

  @Test func markers() throws {
    let text = Text("a {{one}} b {{}} c")
    let found = try Passage.marked("{{", "}}", in: text)
    #expect(found.map { words($0, in: text) } == ["one", ""])
    #expect(found.map { text.string(in: $0.whole) } == ["{{one}}", "{{}}"])
    #expect(throws: CommandFailure("--marker: no closing marker for the one at 1:13.")) {
      try Passage.marked("{{", "}}", in: Text("a {{one}} b {{ c"))
    }
    #expect(throws: CommandFailure("--marker: “[[” not found.")) {
      try Passage.marked("[[", "]]", in: text)
    }
  }

  @Test func overlapIsRefused() throws {
    let text = Text("one two three")
    let passages = [Passage(8..<13), Passage(0..<3)]
    #expect(try Passage.ordered(passages, in: text) == [Passage(0..<3), Passage(8..<13)])
    #expect(throws: CommandFailure("Two passages overlap at 1:3.")) {
      try Passage.ordered([Passage(0..<3), Passage(2..<5)], in: text)
    }
    #expect(throws: CommandFailure.self) {
      try Passage.ordered([Passage(2..<2), Passage(2..<2)], in: text)
    }
  }
}
