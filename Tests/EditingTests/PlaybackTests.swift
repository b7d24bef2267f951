import Editing
import Infilling
import Testing

/// Playing, fading and walking through a record. None of it may ask the engine.
@Suite struct PlaybackTests {
  private func settled() -> Desk {
    var desk = Desk("a b c d e f g h.▮")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.wake()
    desk.effects = []
    return desk
  }

  private func waits(_ desk: Desk) -> [Int] {
    desk.effects.compactMap { effect in
      if case .wake(.playback, let wait) = effect { wait } else { nil }
    }
  }

  @Test func playsAtTheRecordedPace() {
    var desk = settled()
    desk.press("Space")
    desk.wake()
    // Steps took 10 ms and were shown for 100.
    #expect(waits(desk) == Array(repeating: 100, count: 5))
    #expect(desk.editor.focusedPassage?.candidate.shownStep == 5)
  }

  @Test(arguments: [
    ("-", 2, 400, "0.25x"), ("-", 1, 200, "0.5x"), ("+", 1, 50, "2x"), ("+", 9, 25, "4x"),
  ])
  func theKeysChangeThePace(key: String, times: Int, wait: Int, label: String) {
    var desk = settled()
    desk.press(key, times: times)
    #expect(desk.editor.message?.text.contains(label) == true)
    desk.press("Space")
    #expect(waits(desk) == [wait])
    #expect(desk.editor.status.passage?.label == "playing \(label)")
    desk.press("Home")
    desk.press(key == "+" ? "-" : "+", "Space")
    #expect(waits(desk).last == (key == "+" ? wait * 2 : wait / 2))
  }

  @Test func aChangeOfPaceCountsAtOnce() {
    var desk = settled()
    desk.press("Space", "+")
    #expect(waits(desk) == [100, 50])
    #expect(desk.timers.count { if case .playback = $0 { true } else { false } } == 1)
  }

  @Test func aLongStepIsPlayedForAsLongAsItTook() {
    var desk = Desk("a b.▮")
    desk.press("Alt-Enter")
    guard case .beginRun(let run, _)? = desk.engineWork.first else { return }
    desk.send(.run(run, .began(canvas: [.open])))
    desk.send(
      .run(
        run,
        .step(
          InfillStep(
            index: 1, cells: [InfillCell(state: .draft, token: 1, text: "x")], changed: [0],
            milliseconds: 730, forwardPasses: 1, isLast: true))))
    desk.effects = []
    desk.press("Space")
    #expect(waits(desk) == [730])
  }

  // MARK: Fading

  private func ages(_ desk: Desk) -> [UInt8] {
    (desk.editor.focusedPassage?.runs ?? []).compactMap { run in
      if case .fresh(_, let age) = run.role { age } else { nil }
    }
  }

  @Test func newTokensFadeInThreeShades() {
    var desk = Desk("a b c d e f g h.▮")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    #expect(ages(desk) == [0, 0])
    for shade in 1..<Passage.shades {
      desk.send(.woke(.fading))
      #expect(ages(desk) == [shade, shade])
    }
    desk.send(.woke(.fading))
    #expect(ages(desk) == [])
  }

  @Test func aNewStepIsBrighterThanTheOneBefore() {
    var desk = Desk("a b c d e f g h.▮")
    desk.press("Alt-Enter")
    desk.runEngine(3)
    #expect(ages(desk) == [0, 1, 1, 0].sorted { $0 > $1 } || ages(desk).sorted() == [0, 0, 1, 1])
  }

  @Test func nothingWakesAnEditorInWhichNothingMoves() {
    var desk = settled()
    #expect(desk.timers.isEmpty)
    desk.press("Space")
    desk.wake()
    desk.effects = []
    desk.send(.woke(.fading))
    desk.send(.woke(.playback(desk.editor.passages[0].id)))
    #expect(desk.effects.isEmpty)
  }

  @Test func reducedMotionDoesNotFade() {
    var desk = Desk("a b c d e f g h.▮")
    desk.editor.settings.reducesMotion = true
    desk.press("Alt-Enter")
    desk.runEngine(3)
    #expect(ages(desk) == [0, 0])
    #expect(desk.timers.isEmpty)
    desk.runEngine()
    desk.press("Space")
    #expect(desk.timers == [.playback(desk.editor.passages[0].id)])
  }

  @Test func whatStandsStillShowsWhatIsNew() {
    var desk = settled()
    desk.press("Left")
    #expect(ages(desk) == [0, 0])
    desk.press("Space")
    desk.press("Space")
    #expect(desk.editor.focusedPassage?.isPlaying == false)
    #expect(ages(desk) == [0, 0])
  }

  // MARK: Scrubbing

  /// Keys and the mouse, all over the record.
  @Test func scrubbingHasNoEffects() {
    var desk = settled()
    desk.press("Left", "Left", "Home", "Right", "PageDown", "End", "PageUp", "Right")
    let status = desk.editor.status
    let bar = status.parts(fitting: 80).first { if case .bar = $0.kind { true } else { false } }
    for offset in 0..<StepBar.columns {
      desk.send(
        .mouse(
          MouseEvent(
            kind: offset == 0 ? .press : .drag, column: (bar?.column ?? 0) + offset, row: 22)))
    }
    #expect(desk.effects.isEmpty)
    #expect(
      desk.editor.focusedPassage?.candidate.shownStep
        == desk.editor.focusedPassage?.candidate.lastStep)
  }

  @Test func theWordAtTheCursorSaysHowSureItIs() {
    var desk = settled()
    #expect(desk.editor.status.passage?.confidence == 0.5)
    desk.press("Home")
    #expect(desk.editor.status.passage?.confidence == nil)
  }
}
