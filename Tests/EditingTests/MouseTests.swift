import Documents
import Editing
import Testing

@Suite struct MouseTests {
  private func event(
    _ kind: MouseEvent.Kind, _ column: Int, _ row: Int, time: Int = 0,
    _ modifiers: Key.Modifiers = []
  ) -> Event {
    .mouse(MouseEvent(kind: kind, column: column, row: row, modifiers: modifiers, time: time))
  }

  /// Column of the text area on the screen.
  private func column(_ column: Int, _ desk: Desk) -> Int { desk.editor.gutterWidth + column }

  @Test func aClickPutsTheCursor() {
    var desk = Desk("one two\nthree")
    desk.send(event(.press, column(2, desk), 1))
    #expect(desk.marked == "one two\nth▮ree")
    desk.send(event(.press, column(50, desk), 0, time: 1000))
    #expect(desk.marked == "one two▮\nthree")
    desk.send(event(.press, column(3, desk), 9, time: 2000))
    #expect(desk.marked == "one two\nthree▮")
  }

  @Test func clicksTakeWordsAndLines() {
    var desk = Desk("one two\nthree")
    for (time, expected) in [
      (0, "one t▮wo\nthree"), (100, "one ▯two▮\nthree"), (200, "▯one two\n▮three"),
      (300, "one t▮wo\nthree"), (2000, "one t▮wo\nthree"),
    ] {
      desk.send(event(.press, column(5, desk), 0, time: time))
      desk.send(event(.release, column(5, desk), 0, time: time + 10))
      #expect(desk.marked == expected)
    }
  }

  @Test func draggingSelects() {
    var desk = Desk("one two\nthree")
    desk.send(event(.press, column(1, desk), 0))
    desk.send(event(.drag, column(2, desk), 1))
    #expect(desk.marked == "o▯ne two\nth▮ree")
    desk.send(event(.drag, column(0, desk), 0))
    #expect(desk.marked == "▮o▯ne two\nthree")
    desk.send(event(.release, 0, 0))
    desk.send(event(.drag, column(3, desk), 1))
    #expect(desk.marked == "▮o▯ne two\nthree")
  }

  @Test func draggingAfterADoubleClickSelectsWords() {
    var desk = Desk("one two three")
    desk.send(event(.press, column(5, desk), 0))
    desk.send(event(.press, column(5, desk), 0, time: 50))
    desk.send(event(.drag, column(10, desk), 0))
    #expect(desk.marked == "one ▯two three▮")
    desk.send(event(.drag, column(1, desk), 0))
    #expect(desk.marked == "▮one two▯ three")
  }

  @Test func shiftExtends() {
    var desk = Desk("o▮ne two")
    desk.send(event(.press, column(5, desk), 0, time: 0, .shift))
    #expect(desk.marked == "o▯ne t▮wo")
  }

  @Test func aClickOnAFillTakesItsKeys() {
    var desk = Desk("One. ▯Two two.▮ Three.")
    desk.press("Alt-Enter", "Alt-B")
    desk.runEngine()
    desk.send(event(.press, column(11, desk), 0))
    #expect(desk.editor.focus == desk.editor.passages[0].id)
    #expect(desk.editor.focusedPassage?.cursorSlot == 1)
    desk.send(event(.press, column(1, desk), 0))
    #expect(desk.editor.focus == nil)
    #expect(desk.editor.focus == nil)
    #expect(desk.marked == "O▮ne. Two two. Three.")
  }
}
