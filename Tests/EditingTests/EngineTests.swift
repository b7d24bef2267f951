import Documents
import Editing
import Infilling
import Testing

struct EngineTests {
  private func desk() -> Desk {
    var desk = Desk("One sentence here. Another one.")
    desk.editor.settings.engines = [EngineChoice(name: "box", place: "box:8000")]
    return desk
  }

  @Test func theListChoosesAnEngine() {
    var desk = desk()
    desk.press("Alt-E")
    #expect(desk.editor.picker?.items.map(\.text) == ["local", "box"])
    #expect(desk.editor.picker?.selected == 0)
    desk.press("Down", "Enter")
    #expect(desk.effects.contains(.useEngine("box")))
    desk.send(.engine(EngineStatus(EngineChoice(name: "box", place: "box:8000"))))
    #expect(desk.editor.message?.text.contains("go to box:8000") == true)
    #expect(desk.editor.model == .unloaded)
    desk.press("Alt-E")
    #expect(desk.editor.picker?.selected == 1)
  }

  @Test func typingNarrowsTheListAndNoLetterGoesIntoTheText() {
    var desk = desk()
    desk.press("Alt-E")
    desk.type("bo")
    #expect(desk.editor.picker?.items.map(\.text) == ["box"])
    // What is known of an engine finds it, too.
    desk.press("Backspace", times: 2)
    desk.type("model machine")
    #expect(desk.editor.picker?.items.map(\.text) == ["local"])
    desk.type("s")
    #expect(desk.editor.picker?.items.isEmpty == true)
    #expect(desk.editor.picker?.note == "nothing found")
    desk.press("Enter")
    #expect(desk.editor.mode == .list)
    desk.press("Esc")
    #expect(desk.editor.mode == .text && desk.text == "One sentence here. Another one.")
    desk.press("Alt-E")
    desk.send(.paste("b\nox"))
    #expect(desk.editor.picker?.filter == "box")
    desk.press("Enter")
    #expect(desk.effects.contains(.useEngine("box")))
    #expect(desk.text == "One sentence here. Another one.")
  }

  /// "de" is in the model of this machine as well.
  @Test func namesComeBeforeWhatElseIsKnown() {
    var desk = desk()
    desk.editor.settings.engines.append(EngineChoice(name: "den", place: "den:8001"))
    desk.press("Alt-E")
    desk.type("de")
    #expect(desk.editor.picker?.items.map(\.text) == ["den"])
    desk.press("Enter")
    #expect(desk.effects.contains(.useEngine("den")))
  }

  @Test func aDigitChoosesUntilSomethingElseIsTyped() {
    var desk = desk()
    desk.editor.settings.engines.append(EngineChoice(name: "box 2", place: "box:8001"))
    desk.press("Alt-E")
    desk.type("2")
    #expect(desk.effects.contains(.useEngine("box")))
    desk.press("Alt-E")
    desk.type("box 2")
    #expect(desk.editor.picker?.items.map(\.text) == ["box 2"])
    desk.press("Enter")
    #expect(desk.effects.contains(.useEngine("box 2")))
  }

  @Test func withoutEnginesThereIsNothingToChoose() {
    var desk = Desk("One.")
    desk.press("Alt-E")
    #expect(desk.editor.picker == nil)
    #expect(desk.editor.message == .onlyLocalEngine)
  }

  @Test func theStatusLineAlwaysShowsWhereTextGoes() {
    var desk = desk()
    let place = "→ box:8000"
    func shows(_ columns: Int) -> Bool {
      desk.editor.status.parts(fitting: columns).contains { $0.text.contains(place) }
    }
    #expect(!shows(80))
    desk.send(.engine(EngineStatus(EngineChoice(name: "box", place: "box:8000"))))
    for columns in [200, 80, 40, 20] { #expect(shows(columns), "\(columns) columns") }
    desk.press("Alt-Enter")
    for columns in [200, 80, 40, 24] { #expect(shows(columns), "under review, \(columns)") }
    desk.send(.engine(EngineStatus()))
    #expect(!shows(80))
  }

  @Test func aDocumentThatStaysHereHasNoChoice() {
    var desk = desk()
    desk.send(.engine(EngineStatus(staysHere: true)))
    #expect(desk.editor.message == .documentStaysHere)
    desk.press("Alt-E")
    #expect(desk.editor.picker == nil)
    #expect(desk.editor.message == .documentStaysHere)
  }

  @Test func aStepsNoticeIsAWarning() throws {
    var desk = desk()
    desk.press("Alt-Enter")
    let passage = try #require(desk.editor.focusedPassage)
    let run = passage.candidate.id
    desk.send(.run(run, .began(canvas: [.open])))
    var step = InfillStep(
      index: 1, cells: [InfillCell(state: .draft, text: "Local.")], changed: [0], isLast: true)
    step.notice = "box fails. Written here"
    desk.send(.run(run, .step(step)))
    #expect(desk.editor.message == .warning("box fails. Written here"))
  }

  @Test func noiseIsShownAndCannotBeAccepted() throws {
    var desk = desk()
    desk.press("Alt-Enter")
    let run = try #require(desk.editor.focusedPassage).candidate.id
    desk.send(.run(run, .began(canvas: [.open])))
    var noise = InfillCell.open
    noise.noise = " n␇ise"
    let step = InfillStep(
      index: 1, cells: [InfillCell(state: .draft, text: "Sure"), noise], changed: [0, 1])
    desk.send(.run(run, .step(step)))
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.runs.map(\.text).joined() == "Sure n␇ise")
    #expect(passage.runs.last?.role == .mask(confidence: 0))
    #expect(passage.text == "Sure")
    desk.press("Enter")
    #expect(desk.editor.document.text.string(in: 0..<18) == "One sentence here.")
  }
}
