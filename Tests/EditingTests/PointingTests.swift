import Editing
import Testing

/// Hints and lists under the mouse: whatever a key does can be done by pointing.
@Suite struct PointingTests {
  private func click(
    _ desk: inout Desk, _ column: Int, _ row: Int, _ button: MouseEvent.Button = .left
  ) {
    desk.send(.mouse(MouseEvent(kind: .press, button: button, column: column, row: row)))
    desk.send(.mouse(MouseEvent(kind: .release, button: button, column: column, row: row)))
  }

  /// Clicks in the middle of the hint with this action.
  private func click(_ desk: inout Desk, hint action: String) throws {
    let occupied = desk.editor.message.map { 1 + $0.text.count } ?? 0
    let places = desk.editor.status.placedHints(columns: 80, occupied: occupied)
    let place = try #require(places.first { $0.hint.action == action })
    click(&desk, place.column + 1, 23)
  }

  @Test func hintsAreButtons() throws {
    var desk = Desk("One two.▮")
    try click(&desk, hint: "rewrite")
    #expect(desk.editor.mode == .review)
    desk.runEngine()
    try click(&desk, hint: "accept")
    #expect(desk.text == "s0w0 s0w1 s0w2")
    // The message leaves room for some.
    try click(&desk, hint: "help")
    #expect(desk.editor.mode == .help)
    try click(&desk, hint: "back")
    #expect(desk.editor.mode == .text)
  }

  @Test func betweenTwoHintsIsNothing() {
    var desk = Desk("One two.▮")
    let hints = desk.editor.status.placedHints(columns: 80, occupied: 0)
    click(&desk, hints[1].column - 1, 23)
    #expect(desk.editor.mode == .text && desk.effects.isEmpty)
  }

  @Test func answersAreButtons() {
    var desk = Desk("One.▮")
    desk.type("x")
    desk.press("Ctrl-Q")
    let label = 1 + "Quit without saving? ".count
    let answers = desk.editor.status.placedAnswers(columns: 80, label: label)
    #expect(answers.map(\.hint.key) == ["s", "d", "c"])
    click(&desk, answers[2].column, 23)
    #expect(desk.editor.mode == .text && desk.quitCode == nil)
    desk.press("Ctrl-Q")
    click(&desk, answers[1].column, 23)
    #expect(desk.quitCode == 1)
  }

  /// Parts of the status line do what their keys do, without a passage as well.
  @Test(arguments: [("note.txt", "open"), ("1:9", "go-to-line"), ("2 words", "count-words")])
  func partsOfTheStatusLineAreButtons(text: String, command: String) throws {
    var desk = Desk("One two.▮")
    desk.editor.settings.showsWordCount = true
    desk.send(.resize(columns: 80, rows: 24))
    let parts = desk.editor.status.parts(fitting: 80)
    let part = try #require(parts.first { $0.text.contains(text) })
    desk.effects = []
    click(&desk, part.column + 1, 22)
    switch command {
    case "open": #expect(desk.effects.contains(.listFiles))
    case "go-to-line": #expect(desk.editor.prompt?.label == "Go to line[:column]: ")
    default: #expect(desk.editor.message?.text.contains("2 words") == true)
    }
  }

  @Test func theRightButtonListsTheCommands() throws {
    var desk = Desk("One two.▮")
    click(&desk, 10, 0, .right)
    #expect(desk.editor.mode == .list)
    let place = try #require(desk.editor.pickerPlace(in: desk.editor.rows()))
    #expect(place.rows.upperBound == 22 && place.hasTitle)
    desk.send(.mouse(MouseEvent(kind: .wheelDown, column: 0, row: 15)))
    #expect(desk.editor.picker?.selected == 1)
    // The first is to rewrite.
    click(&desk, 10, place.rows.lowerBound + 1)
    #expect(desk.editor.mode == .review)
  }

  @Test func besideAListIsOutOfIt() {
    var desk = Desk("One two.▮")
    desk.press("Ctrl-P")
    click(&desk, 10, 1)
    #expect(desk.editor.mode == .text)
    #expect(desk.marked == "One two.▮")
  }

  @Test func aTryIsTakenByAClick() throws {
    var desk = Desk("One two.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("r")
    desk.runEngine()
    desk.press("b")
    let place = try #require(desk.editor.pickerPlace(in: desk.editor.rows()))
    click(&desk, 10, place.rows.lowerBound + 1)
    #expect(desk.editor.focusedPassage?.shownCandidate == 0)
  }
}
