import Documents
import Testing

@testable import Editing

@Suite struct SpellcheckTests {
  private func asked(_ desk: Desk) -> [[String]] {
    desk.effects.compactMap { if case .checkSpelling(let words) = $0 { words } else { nil } }
  }

  /// A desk with marks, where the words with a `q` are wrong.
  private func desk(_ text: String) -> Desk {
    var desk = Desk(text)
    desk.press("Alt-T")
    answer(&desk)
    return desk
  }

  private func answer(_ desk: inout Desk) {
    for words in asked(desk) {
      desk.send(
        .spelling(
          .checked(Dictionary(uniqueKeysWithValues: words.map { ($0, !$0.contains("q")) }))))
    }
  }

  private func marked(_ desk: Desk) -> [String] {
    desk.editor.misspelt.map { desk.editor.document.text.string(in: $0) }
  }

  @Test func wordsAreAskedAboutOnce() {
    var desk = desk(
      "The qlum isn't 'the' plum3 at ida@x.org/a, http://q.x of snake_qase aQb X Ünïqe\n\n")
    #expect(
      asked(desk) == [
        ["The", "at", "isn't", "of", "plum", "qlum", "the", "Ünïqe"].filter { $0 != "plum" }
      ])
    #expect(marked(desk) == ["qlum", "Ünïqe"])
    desk.press("Ctrl-End")
    desk.type("of the ")
    #expect(asked(desk).count == 1)
  }

  @Test func aWordBeingTypedIsNotMarked() {
    var desk = desk("▮")
    desk.type("qab")
    #expect(asked(desk) == [])
    desk.type(" ")
    answer(&desk)
    #expect(marked(desk) == ["qab"])
  }

  @Test func oneKeyGoesThereAndCorrects() {
    var desk = desk("▮A qlum and a qig")
    desk.press("Alt-T")
    #expect(desk.editor.selection.head == 2)
    desk.press("Alt-T")
    #expect(desk.effects.contains(.suggestSpelling("qlum")))
    desk.send(.spelling(.suggestions(for: "qlum", ["plum", "glum"])))
    #expect(
      desk.editor.picker?.items.map(\.text) == ["plum", "glum", "Learn this word", "Ignore it"])
    desk.press("Down", "Enter")
    #expect(desk.marked == "A glum▮ and a qig")
    desk.press("Ctrl-Z")
    #expect(desk.text == "A qlum and a qig")
    answer(&desk)
    desk.press("Alt-T", "Alt-T")
    desk.send(.spelling(.suggestions(for: "qlum", [])))
    desk.press("Enter")
    #expect(desk.effects.contains(.learnSpelling("qlum")) && marked(desk) == ["qig"])
  }

  @Test func lateSuggestionsAreDropped() {
    var desk = desk("▮qlum and more")
    desk.press("Alt-T", "Ctrl-End")
    desk.send(.spelling(.suggestions(for: "qlum", ["plum"])))
    #expect(desk.editor.picker == nil)
  }

  @Test func withoutDictionaryNothingIsMarked() {
    var desk = desk("qlum")
    desk.send(.spelling(.unavailable("No dictionary for xx")))
    #expect(marked(desk) == [] && desk.editor.message == .failure("No dictionary for xx"))
  }

  @Test func ofCodeCommentsAndStringsAreChecked() throws {
    var desk = Desk("iq qode \"qtring\" /* qomment */", path: "a.c")
    desk.send(.language("c", .grammar(try SyntaxTests.grammar())))
    desk.press("Alt-T")
    answer(&desk)
    #expect(marked(desk) == ["qtring", "qomment"])
  }
}
