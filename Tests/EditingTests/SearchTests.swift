import DecodingPolicies
import Documents
import Editing
import Infilling
import Testing

@Suite struct SearchTests {
  private static let model = ModelSummary(
    name: "scripted", parameters: 1, backend: "none", modes: Set(DecodingMode.allCases),
    searches: true)

  private func desk() -> Desk {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.send(.model(.ready(Self.model)))
    desk.effects = []
    return desk
  }

  private static func words(_ text: String) -> [InfillCell] {
    text.split(separator: " ").enumerated().map { slot, word in
      InfillCell(
        state: .draft, token: slot, text: (slot == 0 ? "" : " ") + word, confidence: 0.5)
    }
  }

  private func step(
    _ index: Int, _ text: String, open: Int = 0, _ stage: SearchProgress.Stage,
    others: [String] = [], isLast: Bool = false
  ) -> InfillStep {
    let cells = Self.words(text) + Array(repeating: .open, count: open)
    return InfillStep(
      index: index, cells: cells, changed: Array(cells.indices), milliseconds: 10,
      forwardPasses: index, isLast: isLast,
      search: SearchProgress(stage: stage, drafts: 4, alive: stage == .drafting ? 3 : 0, join: 2),
      others: others.map(Self.words))
  }

  private func begun(_ desk: inout Desk) throws -> RunID {
    desk.press("Alt-Enter")
    let run = try #require(desk.editor.focusedPassage).candidate.id
    desk.send(.run(run, .began(canvas: Array(repeating: .open, count: 4))))
    return run
  }

  /// No text comes twice, none is empty, and each of them is settled with the steps of the search.
  @Test func whatASearchFindsAreTries() throws {
    var desk = desk()
    let run = try begun(&desk)
    desk.send(.run(run, .step(step(1, "A", open: 3, .drafting))))
    desk.effects = []
    desk.send(
      .run(
        run,
        .step(
          step(2, "A b.", .polishing, others: ["C.", "A b.", " ", "C.", "D e f."], isLast: true))))
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidates.count == 3 && passage.shownCandidate == 0 && passage.text == "A b.")
    #expect(passage.candidates.map(\.state) == [.ended, .ended, .ended])
    #expect(passage.candidates.map(\.lastStep) == [2, 3, 3])
    #expect(passage.candidates.map(\.seed) == [0, 0, 0])
    #expect(passage.candidates[1].label == "seed 0, same search")
    #expect(Set(passage.candidates.map(\.id)).count == 3)
    #expect(desk.effects == [.cancelRun(run, dropping: true)])
    desk.press("Tab", "Tab")
    #expect(desk.editor.focusedPassage?.text == "D e f.")
    #expect(desk.editor.status.passage?.search?.join == nil)
    desk.press("Enter")
    #expect(desk.text == "One. D e f. Three.")
  }

  @Test func furtherTriesHaveSeedsOfTheirOwn() throws {
    var desk = desk()
    desk.press("Alt-N")
    let settings = desk.effects.flatMap { effect -> [DecodingConfiguration] in
      if case .beginCandidates(let starts) = effect { starts.map(\.request.settings) } else { [] }
    }
    #expect(settings.map(\.seed) == [0, 1, 2, 3])
    #expect(settings.allSatisfy { $0.temperature == 0 && $0.slots == nil })
    desk.press("r")
    let again = try #require(desk.editor.focusedPassage).candidate.request.settings
    #expect(again.seed == 4 && again.temperature == 0)
  }

  @Test func stepsOfASearchComeFaster() throws {
    var desk = desk()
    let run = try begun(&desk)
    #expect(desk.effects.last == .stepRun(run, afterMilliseconds: 25))
    desk.send(.run(run, .step(step(1, "A", open: 3, .drafting))))
    #expect(desk.effects.contains(.stepRun(run, afterMilliseconds: 15)))
  }

  /// A search begins again with other settings: half a draft is nothing to go on from.
  @Test func anotherQualityBeginsAgain() throws {
    var desk = desk()
    let run = try begun(&desk)
    desk.send(.run(run, .step(step(1, "A", open: 3, .drafting))))
    desk.press("Ctrl-Up")
    let candidate = try #require(desk.editor.focusedPassage).candidate
    #expect(candidate.id != run && candidate.request.canvas == nil)
    #expect(candidate.request.settings.unmasking == .quality(4))
  }

  @Test func theRaceCallsASearchByItsName() throws {
    var desk = desk()
    desk.press("Alt-V")
    let lanes = try #require(desk.editor.race).lanes
    #expect(lanes.map(\.name) == ["left to right", "search", "self-speculation"])
    desk.send(
      .run(lanes[1].passage.candidate.id, .began(canvas: Array(repeating: .open, count: 4))))
    desk.send(.run(lanes[1].passage.candidate.id, .step(step(1, "A", open: 3, .drafting))))
    #expect(desk.editor.race?.lanes[1].stage == "drafting 3/4")
    #expect(desk.editor.race?.lanes[1].progress == nil)
    desk.send(
      .run(
        lanes[1].passage.candidate.id,
        .step(step(2, "A b c d e f.", .polishing, others: ["C."], isLast: true))))
    #expect(desk.editor.race?.lanes[1].progress == 1)
    desk.press("Enter")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidates.map(\.label) == ["search", "seed 0, same search"])
  }

  @Test func nobodyIsAskedToWaitAfterTheLastStep() throws {
    var desk = desk()
    let run = try begun(&desk)
    desk.send(.run(run, .step(step(1, "A", open: 3, .drafting))))
    desk.press("Enter")
    #expect(desk.editor.message == .draftUnfinished(.wait))
    desk.send(.run(run, .step(step(2, "A b.", .polishing, isLast: true))))
    #expect(desk.editor.message == nil)
  }

  @Test func onlyAFinishedDraftIsAccepted() throws {
    var desk = desk()
    let run = try begun(&desk)
    desk.send(.run(run, .step(step(1, "A", open: 3, .drafting))))
    desk.press("Enter")
    #expect(desk.editor.message == .draftUnfinished(.wait))
    desk.send(.run(run, .step(step(2, "A b.", .reading))))
    desk.send(.run(run, .step(step(3, "A", open: 1, .polishing))))
    desk.effects = []
    desk.press("Enter")
    #expect(desk.text == "One. A b. Three.")
    #expect(desk.effects.contains(.cancelRun(run, dropping: true)))
  }
}
