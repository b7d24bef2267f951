import DecodingPolicies
import Documents
import Editing
import Infilling
import Testing

@Suite struct RaceTests {
  private static let all = ModelSummary(
    name: "scripted", parameters: 1, backend: "none",
    modes: [.diffusion, .autoregressive, .selfSpeculation, .quadratic])

  private func racing(_ summary: ModelSummary = all) -> Desk {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.send(.model(.ready(summary)))
    desk.effects = []
    desk.press("Alt-V")
    return desk
  }

  private func modes(_ desk: Desk) -> [DecodingMode] {
    desk.effects.compactMap { effect in
      if case .beginRun(_, let request) = effect { request.settings.mode } else { nil }
    }
  }

  @Test func everyModeGetsALane() throws {
    var desk = racing()
    #expect(modes(desk) == [.autoregressive, .diffusion, .selfSpeculation])
    #expect(desk.editor.mode == .race)
    desk.runEngine()
    let race = try #require(desk.editor.race)
    #expect(race.isOver && race.lanes.allSatisfy(\.isFinished))
    #expect(race.lanes.map(\.tokens) == [4, 4, 4])
    #expect(race.lanes.map(\.forwardPasses) == [2, 2, 2])
    #expect(race.lanes.map(\.milliseconds) == [20, 20, 20])
    #expect(race.lanes[0].tokensPerForward == 2)
    #expect(desk.engine.count == 0)
    #expect(desk.text == "One. Two two two. Three.")
  }

  /// A search is a lane of its own beside a decoder of the model.
  @Test func aModelWithADecoderOfItsOwnSearchesToo() throws {
    var both = Self.all
    both.modes.insert(.search)
    #expect(modes(racing(both)) == [.autoregressive, .diffusion, .search, .selfSpeculation])
    both.searches = true
    let desk = racing(both)
    #expect(modes(desk) == [.autoregressive, .diffusion, .selfSpeculation])
    #expect(desk.editor.race?.lanes.map(\.name) == ["left to right", "search", "self-speculation"])
  }

  @Test func theLaneThatIsBehindGetsTheNextStep() throws {
    var desk = racing()
    let runs = try #require(desk.editor.race).lanes.map(\.passage.candidate.id)
    for run in runs { desk.send(.run(run, .began(canvas: Array(repeating: .open, count: 9)))) }
    func step(_ run: RunID, _ milliseconds: Double) {
      desk.effects = []
      desk.send(
        .run(
          run,
          .step(
            InfillStep(
              index: 1, cells: Array(repeating: .open, count: 9), changed: [],
              milliseconds: milliseconds, forwardPasses: 1))))
    }
    #expect(desk.effects.last == .stepRun(runs[0], afterMilliseconds: 0))
    step(runs[0], 30)
    #expect(desk.effects == [.stepRun(runs[1], afterMilliseconds: 0)])
    step(runs[1], 100)
    #expect(desk.effects == [.stepRun(runs[2], afterMilliseconds: 0)])
    step(runs[2], 50)
    #expect(desk.effects == [.stepRun(runs[0], afterMilliseconds: 0)])
    step(runs[0], 30)
    #expect(desk.effects == [.stepRun(runs[2], afterMilliseconds: 0)])
  }

  @Test func aModeThatTheModelLacksSaysWhy() throws {
    var desk = racing(ModelSummary(name: "masked", parameters: 1, backend: "none"))
    #expect(modes(desk) == [.diffusion])
    let race = try #require(desk.editor.race)
    #expect(race.lanes[0].absence == "masked was not trained to write from left to right")
    #expect(race.lanes[1].absence == nil && race.lanes[2].absence != nil)
    desk.runEngine()
    #expect(desk.editor.race?.isOver == true)
    desk.press("Up", "Enter")
    #expect(desk.editor.race != nil)
  }

  @Test func whatTheModelCanIsKnownWhenItIsLoaded() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-V")
    #expect(modes(desk) == [.diffusion])
    desk.send(.model(.loading(progress: 0.5)))
    #expect(modes(desk) == [.diffusion])
    desk.send(.model(.ready(Self.all)))
    desk.send(.model(.ready(Self.all)))
    #expect(modes(desk).count == 3)
  }

  @Test func escapeChangesNothing() {
    var desk = racing()
    desk.runEngine(5)
    desk.press("Esc")
    #expect(desk.editor.race == nil && desk.editor.mode == .text)
    #expect(desk.marked == "One. ▯Two two two.▮ Three.")
    #expect(desk.editor.passages.isEmpty && desk.engine.count == 0 && desk.engineWork.isEmpty)
    #expect(desk.editor.document.history.nodes.count == 1)
  }

  @Test func aLaneIsTakenAsADraft() throws {
    var desk = racing()
    desk.runEngine()
    desk.press("Up", "Enter")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.state == .ended && passage.candidates.count == 3 && passage.shownCandidate == 0)
    #expect(passage.candidates.map(\.label) == ["left to right", "diffusion", "self-speculation"])
    #expect(passage.candidate.request.settings.mode == .autoregressive)
    #expect(passage.candidate.next.mode == .diffusion)
    desk.press("Left", "End", "Enter")
    #expect(desk.text == "One. s0w0 s0w1 s0w2 s0w3 Three.")
    #expect(desk.editor.document.history.nodes.count == 2)
  }

  @Test func aLaneOfAPassageUnderReviewIsAFurtherTry() throws {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.send(.model(.ready(Self.all)))
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Alt-V")
    desk.runEngine()
    desk.press("Enter")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(
      desk.editor.passages.count == 1 && passage.candidates.count == 4
        && passage.shownCandidate == 1)
    #expect(passage.candidate.request.settings.mode == .diffusion)
    desk.press("Esc")
    #expect(desk.text == "One. Two two two. Three.")
  }

  @Test func aLaneCanBeTakenBeforeItIsDone() throws {
    var desk = racing()
    desk.runEngine(6)
    desk.press("Enter")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.state.isPaused && passage.masksLeft > 0)
    desk.press("Space")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.state == .ended)
    #expect(desk.engine.count == 0)
  }

  @Test func lanesOfEarlierRoundsAreKept() throws {
    var desk = racing()
    desk.runEngine()
    desk.press("r")
    desk.runEngine()
    desk.press("Enter")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidates.map(\.seed) == [0, 0, 0, 1, 1, 1] && passage.shownCandidate == 3)
    #expect(passage.candidate.request.settings.mode == .diffusion)
    #expect(passage.candidates.allSatisfy { $0.next.mode == .diffusion } && !passage.isPlaying)
  }

  @Test(arguments: [[80, 24], [200, 60]])
  func aClickSelectsALaneAndTakesIt(_ size: [Int]) throws {
    var desk = racing()
    desk.send(.resize(columns: size[0], rows: size[1]))
    desk.runEngine()
    let race = try #require(desk.editor.race)
    let place = race.place(of: 2, columns: size[0], rows: desk.editor.viewport.textRows)
    let click = MouseEvent(
      kind: .press, column: place.columns.lowerBound + 3, row: place.rows.lowerBound + 1)
    desk.send(.mouse(click))
    #expect(desk.editor.race?.selected == 2)
    desk.send(.mouse(click))
    #expect(desk.editor.race == nil)
    #expect(desk.editor.focusedPassage?.candidate.request.settings.mode == .selfSpeculation)
  }

  @Test func aFailureStaysInItsLane() throws {
    var desk = racing()
    let runs = try #require(desk.editor.race).lanes.map(\.passage.candidate.id)
    desk.send(.run(runs[0], .failed("no memory")))
    desk.engineWork.removeFirst()
    desk.runEngine()
    let race = try #require(desk.editor.race)
    #expect(race.lanes[0].failure == "no memory")
    #expect(race.isOver && race.ranking == [1, 2])
  }

  @Test func theVerdictIsMeasured() throws {
    var desk = racing()
    desk.runEngine(3 + 3 * 2)
    let race = try #require(desk.editor.race)
    #expect(race.isOver && race.verdict == nil)
    guard case .scoreTexts(let inquiry, let texts, _)? = desk.engineWork.last else {
      return #expect(Bool(false), "the lanes are not compared")
    }
    #expect(texts.count == 3)
    func score(_ join: Double) -> CandidateScore {
      CandidateScore(
        passage: .init(logProbability: -1, tokens: 1),
        following: .init(logProbability: -join * 10, tokens: 10))
    }
    desk.send(.inquiry(inquiry, .scores([score(3), score(1.5), score(2)])))
    #expect(desk.editor.race?.lanes.map(\.join) == [3, 1.5, 2])
    #expect(desk.editor.race?.verdict == "left to right was the quickest, diffusion joins best")
    desk.send(.inquiry(inquiry, .scores([])))
    #expect(desk.editor.race?.lanes.map(\.join) == [3, 1.5, 2])
  }

  @Test func aModelThatCannotCompareLeavesTheTime() {
    var desk = racing()
    desk.runEngine(3 + 3 * 2)
    guard case .scoreTexts(let inquiry, _, _)? = desk.engineWork.popLast() else {
      return #expect(Bool(false), "the lanes are not compared")
    }
    desk.send(.inquiry(inquiry, .failed("no")))
    #expect(desk.editor.race?.verdict == "left to right was the quickest")
    #expect(desk.editor.message?.kind != .failure)
  }

  @Test func aModelThatOnlyContinuesHasItsLane() throws {
    let summary = ModelSummary(
      name: "causal", parameters: 1, backend: "none", modes: [.autoregressive])
    var desk = racing(summary)
    #expect(modes(desk) == [.autoregressive])
    #expect(desk.editor.race?.selected == 0)
    #expect(desk.editor.race?.lanes[1].absence?.contains("adapter") == true)
    desk.runEngine()
    desk.press("Enter")
    #expect(desk.editor.focusedPassage?.candidate.request.settings.mode == .autoregressive)
    #expect(desk.editor.focusedPassage?.state == .ended)
  }

  @Test func aLaneThatTurnsOutNotToBeThereIsCalledOff() throws {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-V")
    #expect(modes(desk) == [.diffusion])
    let run = try #require(desk.editor.race).lanes[1].passage.candidate.id
    desk.send(
      .model(
        .ready(
          ModelSummary(name: "causal", parameters: 1, backend: "none", modes: [.autoregressive]))))
    #expect(modes(desk) == [.diffusion, .autoregressive])
    #expect(desk.effects.contains(.cancelRun(run, dropping: true)))
    #expect(desk.editor.race?.selected == 0 && desk.editor.race?.lanes[1].absence != nil)
  }

  @Test func anotherSeedRacesAgain() {
    var desk = racing()
    desk.runEngine(4)
    desk.press("r")
    desk.runEngine()
    #expect(desk.editor.race?.lanes.map(\.passage.candidate.seed) == [1, 1, 1])
    #expect(desk.editor.race?.isOver == true && desk.engine.count == 0)
  }
}
