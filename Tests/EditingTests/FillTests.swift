import DecodingPolicies
import Documents
import Editing
import Infilling
import Testing

@Suite struct FillTests {
  static let letter = "Dear Ann, \n\nI am well. The wea▮ther is fine. See you.\n"

  /// The one effect of a kind that names a request.
  private func asked(_ desk: Desk) -> InfillRequest? {
    for case .beginRun(_, let request) in desk.effects { return request }
    return nil
  }

  // MARK: Starting

  @Test func startsOnTheSentenceUnderTheCursor() throws {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.original == Array("The weather is fine.".utf8))
    #expect(passage.state == .opening)
    #expect(desk.editor.mode == .review)
    let request = try #require(asked(desk))
    #expect(request.prefix == "Dear Ann, \n\nI am well. ")
    #expect(request.original == "The weather is fine.")
    #expect(request.suffix == " See you.\n")
  }

  @Test func masksAreOnTheScreenBeforeTheEngineAnswers() {
    var desk = Desk(Self.letter)
    desk.send(.model(.loading(progress: 0.5)))
    desk.press("F5")
    let masks = String(repeating: "░", count: "The weather is fine.".count)
    #expect(desk.screen[2] == "I am well. \(masks) See you.")
    #expect(desk.editor.status.passage?.label == "loading model… 50 %")
    #expect(desk.text == Marks(Self.letter).text)
  }

  @Test func whiteSpaceAtTheEndsOfASelectionStaysOutside() {
    var desk = Desk("one▯ two \n▮three")
    desk.press("Alt-Enter")
    #expect(desk.editor.focusedPassage?.span == 4..<7)
  }

  @Test func saysSoWhereThereIsNothingToRefill() {
    var desk = Desk("\n▮\n")
    desk.press("Alt-Enter")
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.editor.message?.kind == .warning)
    #expect(desk.effects.isEmpty)
  }

  @Test func contextIsCutBetweenCharacters() throws {
    var settings = EditorSettings()
    settings.prefixBytes = 4
    settings.suffixBytes = 4
    var editor = Editor(document: Document("日本X語文"), settings: settings)
    for key in ["Right", "Right", "Shift-Right", "Alt-Enter"] {
      for case .beginRun(_, let request) in editor.update(.key(Key(key)!)) {
        #expect(request.prefix == "本")
        #expect(request.suffix == "語")
      }
    }
    #expect(editor.passages.count == 1)
  }

  // MARK: Running

  @Test func fillsStepByStepAndSettles() throws {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter")
    desk.runEngine(2)
    var passage = try #require(desk.editor.focusedPassage)
    #expect(passage.state.isRunning)
    #expect(passage.candidate.shownStep == 1)
    #expect(passage.masksLeft == 3)
    #expect(desk.screen[2].hasPrefix("I am well. s0w0░"))
    desk.runEngine()
    passage = try #require(desk.editor.focusedPassage)
    #expect(passage.state == .ended)
    #expect(passage.text == "s0w0 s0w1 s0w2 s0w3 s0w4")
    #expect(desk.editor.status.passage?.step == 3)
    #expect(desk.editor.status.passage?.forwardPasses == 3)
    #expect(desk.editor.status.passage?.millisecondsPerStep == 10)
    #expect(desk.engine.count == 0)
  }

  @Test func acceptIsOneLabelledUndoNode() {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Enter")
    let after = "Dear Ann, \n\nI am well. s0w0 s0w1 s0w2 s0w3 s0w4▮ See you.\n"
    #expect(desk.marked == after)
    let history = desk.editor.document.history
    #expect(history.nodes.count == 2)
    #expect(history.nodes[history.current].label == "rewrite “s0w0 s0w1 s0w2…”")
    desk.press("Ctrl-Z")
    #expect(desk.text == Marks(Self.letter).text)
    desk.press("Ctrl-Y")
    #expect(desk.marked == after)
  }

  @Test func typingAfterAcceptIsANodeOfItsOwn() {
    var desk = Desk("One.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Enter")
    desk.type("x")
    desk.press("Ctrl-Z")
    #expect(desk.text == "s0w0 s0w1")
  }

  @Test func cannotBeAcceptedWithMasksLeft() {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter", "Enter")
    desk.runEngine(2)
    desk.press("Enter")
    #expect(desk.editor.message == .masksLeft(3))
    #expect(desk.text == Marks(Self.letter).text)
    #expect(desk.editor.passages.count == 1)
  }

  @Test func escapeStopsThenRejectsAndRestores() {
    var desk = Desk("One. ▯Two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Esc")
    #expect(desk.editor.focusedPassage?.state.isPaused == true)
    #expect(desk.engineWork.isEmpty)
    #expect(desk.screen[0].contains("s0w0"))
    desk.press("Esc")
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.marked == "One. ▯Two two.▮ Three.")
    #expect(desk.editor.document.history.nodes.count == 1)
    #expect(desk.engine.count == 0)
  }

  @Test func undoAfterARejectBringsTheDraftBackOnce() {
    var desk = Desk("▮")
    desk.type("Some words.")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Esc", "Ctrl-Z")
    #expect(desk.editor.focusedPassage?.text == "s0w0 s0w1 s0w2")
    desk.press("Esc", "Ctrl-Z")
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.text == "Some ")
  }

  @Test func aRecalledDraftCanBeAccepted() {
    var desk = Desk("Some words.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Esc", "Ctrl-Z", "Enter")
    #expect(desk.text == "s0w0 s0w1 s0w2")
  }

  // MARK: The record

  @Test func scrubbingNeverCallsTheEngine() throws {
    var desk = Desk("a b c d e f g h.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.effects = []
    func shown() -> Int? { desk.editor.focusedPassage?.candidate.shownStep }
    #expect(shown() == 5)
    desk.press("Left")
    #expect(shown() == 4)
    #expect(desk.editor.focusedPassage?.masksLeft == 1)
    desk.press("Home")
    #expect(shown() == 0)
    #expect(desk.editor.focusedPassage?.masksLeft == 9)
    desk.press("Right", "Right")
    #expect(shown() == 2)
    desk.press("PageDown")
    #expect(shown() == 5)
    desk.press("PageUp", "End")
    #expect(desk.editor.focusedPassage?.text == "s0w0 s0w1 s0w2 s0w3 s0w4 s0w5 s0w6 s0w7 s0w8")
    #expect(desk.effects.isEmpty)
  }

  @Test func spacePausesAndGoesOn() {
    var desk = Desk("a b c d e f g h.▮")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Space")
    #expect(desk.editor.focusedPassage?.state.isPaused == true)
    desk.runEngine()
    // The step that was under way is recorded and not shown.
    #expect(desk.editor.focusedPassage?.candidate.shownStep == 1)
    #expect(desk.editor.focusedPassage?.candidate.lastStep == 2)
    desk.press("Space")
    #expect(desk.editor.focusedPassage?.isPlaying == true)
    desk.wake()
    #expect(desk.editor.focusedPassage?.state.isRunning == true)
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.state == .ended)
    #expect(desk.editor.focusedPassage?.masksLeft == 0)
  }

  @Test func aSettledFillPlaysAgain() {
    var desk = Desk("a b c d.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.effects = []
    desk.press("Space")
    #expect(desk.editor.focusedPassage?.candidate.shownStep == 0)
    desk.wake()
    #expect(desk.editor.focusedPassage?.candidate.shownStep == 3)
    #expect(desk.editor.focusedPassage?.isPlaying == false)
    #expect(desk.effects.allSatisfy { if case .wake = $0 { true } else { false } })
  }

  @Test func oneStepAtATime() {
    var desk = Desk("a b c d e f g h.▮")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Esc", ".")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.candidate.shownStep == 2)
    #expect(desk.editor.focusedPassage?.state.isPaused == true)
  }

  @Test func stepsComeNoFasterThanTheSpeed() {
    var desk = Desk("a b c d e f.▮")
    desk.press("Alt-Enter", "-")
    desk.runEngine(2)
    let waits = desk.effects.compactMap { effect -> Int? in
      if case .stepRun(_, let wait) = effect { wait } else { nil }
    }
    // The first has nothing to go by; the second knows that a step takes 10 ms.
    #expect(waits == [150, 140])
  }

  // MARK: Candidates

  @Test func aNewTryKeepsTheOldOne() {
    var desk = Desk("a b.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("r")
    #expect(desk.editor.focusedPassage?.state == .opening)
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.text == "s1w0 s1w1 s1w2")
    #expect(desk.editor.focusedPassage?.candidate.request.settings.temperature == 0.7)
    #expect(desk.editor.status.passage?.candidateNumber == 2)
    #expect(desk.editor.status.passage?.candidateCount == 2)
    desk.press("Tab")
    #expect(desk.editor.focusedPassage?.text == "s0w0 s0w1 s0w2")
    desk.press("Enter")
    #expect(desk.text == "s0w0 s0w1 s0w2")
  }

  @Test func aTryThatWasLeftCanGoOn() {
    var desk = Desk("a b c d e f.▮")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("r")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.state == .ended)
    desk.press("Tab")
    #expect(desk.editor.focusedPassage?.state.isPaused == true)
    desk.press("Space")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.text == "s0w0 s0w1 s0w2 s0w3 s0w4 s0w5 s0w6")
  }

  @Test func aTryThatWasLeftBeforeItBeganBeginsAgain() {
    var desk = Desk("a b.▮")
    desk.press("Alt-Enter", "r", "Tab")
    #expect(desk.editor.status.passage?.candidateNumber == 1)
    desk.press("Space")
    #expect(desk.editor.status.passage?.candidateNumber == 3)
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.text == "s0w0 s0w1 s0w2")
  }

  @Test func pinnedWordsSurviveANewTry() {
    var desk = Desk("a b c.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Down", "p", "r")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.text == "s1w0 s0w1 s1w2 s1w3")
    desk.press("P")
    #expect(desk.editor.focusedPassage?.cells.contains { $0.state == .pinned } == false)
  }

  @Test func aWordCanBeMaskedAgain() {
    var desk = Desk("a b c.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Down", "m")
    #expect(desk.editor.focusedPassage?.masksLeft == 1)
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.state == .ended)
    #expect(desk.editor.focusedPassage?.candidates.count == 2)
  }

  @Test func theOriginalCanBeLookedAt() {
    var desk = Desk("a b c.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("d")
    #expect(desk.screen == ["a b c."])
    desk.press("d", "d")
    #expect(desk.screen == ["s0w0 s0w1 s0w2 s0w3"])
  }

  // MARK: The rest of the document

  @Test func typingElsewhereGoesOnAndTheSpanFollows() {
    var desk = Desk("One. Tw▮o two. Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Alt-B", "Ctrl-Home")
    desk.type("Zero. ")
    #expect(desk.editor.status.backgroundPassages == 1)
    desk.runEngine()
    desk.press("Ctrl-End")
    desk.type(" Four.")
    #expect(desk.screen == ["Zero. One. s0w0 s0w1 s0w2 Three. Four."])
    desk.press("Alt-J", "Enter")
    #expect(desk.text == "Zero. One. s0w0 s0w1 s0w2 Three. Four.")
  }

  @Test func theSpanIsLocked() {
    var desk = Desk("One. ▯Two two.▮ Three.")
    desk.press("Alt-Enter", "Alt-B")
    for keys in [
      ["Backspace"], ["Ctrl-A", "x"], ["Ctrl-A", "Ctrl-X"],
      ["Ctrl-Home", "Ctrl-Delete", "Ctrl-Delete"],
    ] {
      desk.press("Ctrl-Home", times: 8)
      for key in keys { desk.press(key) }
      #expect(desk.text.contains("Two two."), "\(keys)")
    }
    #expect(desk.editor.passages[0].original == Array("Two two.".utf8))
  }

  @Test func undoThatWouldChangeTheSpanIsRefused() {
    var desk = Desk("▮")
    desk.send(.paste("One. Two."))
    desk.press("Alt-Enter", "Alt-B", "Ctrl-Z")
    #expect(desk.text == "One. Two.")
    #expect(desk.editor.message?.kind == .warning)
    desk.press("Alt-J", "Esc", "Ctrl-Z")
    #expect(desk.text == "")
  }

  @Test func theCursorPassesOverASpan() {
    var desk = Desk("One. ▯Two.▮ Three.")
    desk.press("Alt-Enter", "Alt-B")
    #expect(desk.marked == "One. Two.▮ Three.")
    desk.press("Left")
    #expect(desk.marked == "One. ▮Two. Three.")
    desk.press("Right")
    #expect(desk.marked == "One. Two.▮ Three.")
  }

  @Test func severalPassagesRefineTogether() {
    var desk = Desk("One. Two.\n\nThr▮ee. Four.")
    desk.press("Alt-Enter", "Alt-B", "Ctrl-Home", "Alt-Enter", "Alt-B")
    #expect(desk.editor.passages.count == 2)
    desk.runEngine()
    #expect(desk.screen == ["s0w0 s0w1 Two.", "", "s0w0 s0w1 Four."])
    desk.press("Ctrl-Home", "Alt-Enter", "Enter")
    #expect(desk.text == "s0w0 s0w1 Two.\n\nThree. Four.")
    desk.press("Alt-J", "Enter")
    #expect(desk.text == "s0w0 s0w1 Two.\n\ns0w0 s0w1 Four.")
    desk.press("Ctrl-Z", "Ctrl-Z")
    #expect(desk.text == "One. Two.\n\nThree. Four.")
  }

  @Test func aSaveDuringARunWritesTheOriginal() {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Ctrl-S")
    #expect(desk.disk["note.txt"] == Array(Marks(Self.letter).text.utf8))
    #expect(desk.editor.message == .saved("note.txt", pending: 1))
    #expect(desk.editor.focusedPassage?.state.isRunning == true)
  }

  // MARK: Failures

  @Test func anEngineFailureLeavesTheFillRejectable() {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter")
    let run = desk.editor.passages[0].candidate.id
    desk.send(.run(run, .failed("out of memory")))
    #expect(desk.editor.message == Message(.failure, "out of memory"))
    #expect(desk.editor.focusedPassage?.state == .failed("out of memory"))
    desk.press("Enter", "Space", "Left", "Right", "Esc")
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.text == Marks(Self.letter).text)
  }

  @Test func eventsOfDroppedRunsAreIgnored() {
    var desk = Desk(Self.letter)
    desk.press("Alt-Enter")
    let run = desk.editor.passages[0].candidate.id
    desk.press("Esc")
    let before = desk.screen
    desk.send(.run(run, .began(canvas: [.open])))
    desk.send(.run(run, .step(InfillStep(index: 1, cells: [.open], changed: [0]))))
    desk.send(.run(run, .ended))
    desk.send(.run(run, .failed("late")))
    #expect(desk.screen == before)
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.editor.message?.text != "late")
  }

  @Test func lineEndsOfADraftBecomeTheDocuments() {
    var desk = Desk("a\r\nbb▮.\r\n")
    desk.press("Alt-Enter")
    let run = desk.editor.passages[0].candidate.id
    let cells = [InfillCell(state: .draft, token: 1, text: " x\ny ")]
    desk.send(.run(run, .began(canvas: [.open])))
    desk.send(.run(run, .step(InfillStep(index: 1, cells: cells, changed: [0], isLast: true))))
    #expect(desk.screen.suffix(2) == ["x", "y"])
    desk.press("Enter")
    #expect(desk.text.hasSuffix("x\r\ny\r\n"))
  }
}
