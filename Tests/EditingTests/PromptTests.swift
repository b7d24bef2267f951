import DecodingPolicies
import Editing
import Infilling
import Testing

/// The line of input: what was proposed, editing, the mouse.
@Suite struct PromptTests {
  /// A prompt with `text` typed into it.
  private func desk(_ text: String, columns: Int = 80) -> Desk {
    var desk = Desk("one two three", columns: columns)
    desk.press("Alt-W")
    desk.type(text)
    return desk
  }

  @Test(arguments: [
    (["Ctrl-W"], "ab cd "), (["Ctrl-W", "Ctrl-W"], "ab "), (["Alt-Backspace"], "ab cd "),
    (["Ctrl-U"], ""), (["Left", "Left", "Ctrl-U"], "ef"), (["Home", "Ctrl-K"], ""),
    (["Ctrl-Left", "Ctrl-K"], "ab cd "), (["Ctrl-Left", "Ctrl-Left", "x"], "ab xcd ef"),
    (["Home", "Ctrl-Right", "x"], "abx cd ef"), (["Home", "Delete"], "b cd ef"),
    (["Ctrl-A", "x"], "x"), (["Ctrl-A", "Backspace"], ""), (["Ctrl-A", "Left", "x"], "ab cd exf"),
    (["Ctrl-U", "Ctrl-Z"], "ab cd ef"), (["Ctrl-W", "Ctrl-W", "Ctrl-Z"], "ab cd "),
    (["Home", "Backspace", "Ctrl-W", "Ctrl-U", "Ctrl-Z"], "ab cd e"),
    (["Ctrl-E", "x"], "ab cd efx"),
  ])
  func keysEditTheLine(_ keys: [String], _ result: String) {
    var desk = desk("ab cd ef")
    for key in keys { desk.press(key) }
    #expect(desk.editor.prompt?.text == result)
  }

  @Test func whatIsProposedIsReplacedByTyping() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(1)
    for (keys, text) in [
      (["0"], "0"), (["End", "0"], "4000"), (["Home", "0"], "0400"), (["Backspace"], ""),
    ] {
      desk.press("s")
      desk.type("400")
      desk.press("Enter")
      desk.press("s")
      #expect(desk.editor.prompt?.text == "400" && desk.editor.prompt?.isMarked == true)
      for key in keys { desk.press(key) }
      #expect(desk.editor.prompt?.text == text && desk.editor.prompt?.isMarked == false)
      desk.press("Esc")
    }
    desk.press("s", "Enter")
    #expect(desk.editor.focusedPassage?.candidate.next.unmasking == .steps(400, .linear))
  }

  @Test func aPasteTakesThePlaceOfAProposal() {
    var desk = Desk("one ▯two▮ three")
    desk.press("Ctrl-F")
    #expect(desk.editor.prompt?.text == "two")
    desk.send(.paste("th\nree"))
    #expect(desk.editor.prompt?.text == "three")
  }

  @Test func aClickPutsTheCursor() {
    // " Words that must appear: " takes 25 columns.
    for (column, result) in [
      (25, "xab 漢字 ef"), (28, "ab x漢字 ef"), (29, "ab x漢字 ef"), (70, "ab 漢字 efx"), (3, "xab 漢字 ef"),
    ] {
      var desk = desk("ab 漢字 ef")
      desk.send(.mouse(MouseEvent(kind: .press, column: column, row: 23)))
      desk.type("x")
      #expect(desk.editor.prompt?.text == result, "column \(column)")
    }
  }

  @Test func aClickInAScrolledLineMeansWhatIsSeen() {
    var desk = desk("0123456789abcdefghij", columns: 30)
    // Five columns are left: the last four characters and the cursor.
    desk.send(.mouse(MouseEvent(kind: .press, column: 26, row: 23)))
    desk.type("x")
    #expect(desk.editor.prompt?.text == "0123456789abcdefgxhij")
  }
}
