import Testing

@testable import Documents

@Suite struct SentenceTests {
  /// All sentences of `string`, found from each offset in turn.
  private func sentences(_ string: String) -> [String] {
    let text = Text(string)
    var result: [Range<Int>] = []
    for offset in 0..<text.count {
      let range = text.sentenceRange(at: offset)
      if !range.isEmpty && result.last != range { result.append(range) }
    }
    return result.map { text.string(in: $0) }
  }

  @Test(arguments: [
    ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
    (
      "Mr. Smith met Dr. J. R. Jones. They talked.",
      ["Mr. Smith met Dr. J. R. Jones.", "They talked."]
    ),
    (
      "Some fruit, e.g. Apples, i.e. Fruit. Yes.", ["Some fruit, e.g. Apples, i.e. Fruit.", "Yes."]
    ),
    ("It is 3.14 or so. No. 5 is alive.", ["It is 3.14 or so.", "No. 5 is alive."]),
    ("“Really?” he asked. “Yes.” She left.", ["“Really?” he asked.", "“Yes.”", "She left."]),
    ("(It rained.) We went in.", ["(It rained.)", "We went in."]),
    ("Well... maybe. So did I. Then?!", ["Well... maybe.", "So did I.", "Then?!"]),
    ("今日は。明日！", ["今日は。", "明日！"]),
    ("  Indented start. End", ["Indented start.", "End"]),
  ])
  func splits(string: String, expected: [String]) {
    #expect(sentences(string) == expected)
  }

  @Test func wrappedLinesAreOne() {
    let string =
      "A sentence that has been wrapped\nby hand at a margin. Another one that\ngoes on.\n"
    #expect(
      sentences(string) == [
        "A sentence that has been wrapped\nby hand at a margin.", "Another one that\ngoes on.",
      ])
  }

  @Test func linesOfVerseStandForThemselves() {
    let verse = [
      "The lamps go out along the quay,", "the boats are tied, the nets are dry,",
      "a dog lies down beside the sea", "and watches how the clouds go by.",
    ]
    #expect(sentences(verse.joined(separator: "\n")) == verse)
    let ballad = [
      "The lamps along the harbour wall", "go out when we have gone,",
      "and all the names the sailors call", "go softly on and on.",
    ]
    #expect(
      sentences(ballad.joined(separator: "\n") + "\n\nProse. More.\n").prefix(4) == ballad[...])
  }

  @Test func blankLinesAndShortLinesEndASentence() {
    let string =
      "Dear Anna,\nthe summer went by and I have not written you a single line\nof it.\n\nYours\n"
    #expect(
      sentences(string) == [
        "Dear Anna,", "the summer went by and I have not written you a single line\nof it.",
        "Yours",
      ])
    #expect(Text(string).sentenceRange(at: Text(string).count).isEmpty)
  }

  @Test func itemsHeadingsAndCodeAreLines() {
    #expect(
      sentences("# A title\n- first item\n- second\n  item goes on\n3. third\n") == [
        "A title", "first item", "second\n  item goes on", "third",
      ])
    #expect(
      sentences("func f() {\n  // Adds one. Then two.\n  x += 1\n}\n") == [
        "func f() {", "Adds one.", "Then two.", "x += 1", "}",
      ])
  }

  @Test func aCursorAfterTheLastSentenceIsInIt() {
    let text = Text("One. Two.")
    #expect(text.sentenceRange(at: 9) == 5..<9)
    #expect(text.sentenceRange(at: 4) == 0..<4)
  }

  @Test func longLinesAreLookedAtOnlyNearby() {
    let text = Text(String(repeating: "word ", count: 100_000))
    let range = text.sentenceRange(at: 250_000)
    #expect(range.contains(250_000))
    #expect(range.count <= 2 * Text.sentenceReach)
  }

  /// Without marks, and without a sentence among them, lines are those of a list.
  @Test(arguments: [
    ["milk", "bread", "eggs"],
    ["Meeting with the planning group", "Review of the budget for next year", "Lunch with Anna"],
    ["tickets for the evening show", "bread from the baker at the corner", "a new lamp"],
    ["牛奶和面包", "鸡蛋", "苹果和香蕉"],
  ])
  func aLineOfAListIsASentence(_ lines: [String]) {
    #expect(sentences(lines.joined(separator: "\n") + "\n") == lines)
    #expect(sentences(lines.joined(separator: "\r\n")) == lines)
  }

  @Test func aCellOfATableIsASentence() {
    let table =
      "| Name | What it does |\n|---|:-:|\n| pin | Holds a word. Stays. |\n| | a \\| b |\n"
    #expect(
      sentences(table) == [
        "Name", "What it does", "pin", "Holds a word.", "Stays.", "a \\| b",
      ])
    #expect(
      sentences("Key | Use\n--- | ---\nEsc | goes back\n") == ["Key", "Use", "Esc", "goes back"])
    // A bar alone makes no table.
    #expect(sentences("this | that\n") == ["this | that"])
  }

  /// Whatever goes on and on comes in parts of some sixty words, cut where clauses end.
  @Test func aVeryLongSentenceComesInParts() {
    let clause = "and then we went on to the next house in the row, "
    let long = String(repeating: clause, count: 40) + "which was the last."
    let parts = sentences(long)
    #expect(parts.joined(separator: " ") == long)
    #expect(parts.allSatisfy { (20...75).contains($0.split(separator: " ").count) }, "\(parts)")
    #expect(parts.dropLast().allSatisfy { $0.hasSuffix(",") })
    let words = sentences(String(repeating: "word ", count: 300))
    #expect(words.allSatisfy { $0.split(separator: " ").count <= 75 })
    let characters = sentences(String(repeating: "字", count: 900))
    #expect(characters.map(\.count) == [480, 420])
    let seventy = String(repeating: "word ", count: 69) + "end."
    #expect(sentences(seventy) == [seventy])
  }
}
