import DecodingPolicies
import Documents
import Infilling
import Testing

@testable import Editing

/// Several candidates, refining by doubt, instructions and seed words: what scenarios do not show.
@Suite struct IntentTests {
  static let text = "One. ▯Two quick two qqq.▮ Three."

  // MARK: Candidates

  @Test func triesDifferAndEveryStepOfEachIsRecorded() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-N")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidates.count == 4)
    #expect(Set(passage.candidates.map { "\($0.request.settings)" }).count == 4)
    #expect(passage.candidates[0].request.settings == desk.editor.settings.infill)
    desk.runEngine(9)
    #expect(desk.editor.status.passage?.label == "rewriting 4")
    desk.runEngine()
    let candidates = try #require(desk.editor.focusedPassage).candidates
    for candidate in candidates {
      // Five words, two a step.
      #expect(candidate.lastStep == 3 && candidate.state == .ended)
      #expect(candidate.trajectory?.steps.map(\.forwardPasses) == [1, 2, 3])
      #expect(candidate.score != nil)
    }
    #expect(desk.engine.count == 0)
  }

  @Test func stepsInTheBackgroundAreRecordedToo() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-N", "Alt-B")
    desk.type("x")
    for _ in 0..<12 {
      desk.runEngine(1)
      desk.press("Left", "Right")
    }
    desk.runEngine()
    #expect(desk.editor.passages[0].candidates.map(\.lastStep) == [3, 3, 3, 3])
    // Not even the list is opened: the keys belong to the text.
    #expect(desk.editor.mode == .text)
    #expect(desk.editor.message == .readsBest(candidate: 1))
    #expect(desk.text == "One. Two quick two qqq.x Three.")
  }

  @Test func theLikeliestIsFirstAndAccepted() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("n")
    desk.runEngine()
    let picker = try #require(desk.editor.picker)
    #expect(picker.items.count == 5 && desk.editor.mode == .list)
    // The scripted engine likes short texts, and seeds 0 to 9 make texts of one length.
    #expect(picker.items[0].text == "1 s0w0 s0w1 s0w2 s0w3 s0w4")
    desk.press("Down", "Enter", "Enter")
    #expect(desk.text == "One. s1w0 s1w1 s1w2 s1w3 s1w4 Three.")
    desk.press("Ctrl-Z")
    #expect(desk.text == "One. Two quick two qqq. Three.")
  }

  @Test func pinnedWordsStayInEveryTry() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("p", "n")
    let canvases = try #require(desk.editor.focusedPassage).candidates.suffix(4).map(
      \.request.canvas)
    #expect(canvases.allSatisfy { $0?.count { $0.state == .pinned } == 1 })
  }

  @Test func nothingIsLostByRetries() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-Enter")
    desk.runEngine(3)
    desk.press("n")
    desk.runEngine(6)
    desk.press("r")
    desk.runEngine(1)
    desk.press("n")
    desk.runEngine()
    let candidates = try #require(desk.editor.focusedPassage).candidates
    #expect(candidates.count == 10)
    #expect(candidates[0].lastStep == 2 && candidates[0].state.isPaused)
    #expect(candidates[1].state.isPaused)
    #expect(candidates.dropFirst(2).allSatisfy { $0.lastStep > 0 || $0.id == candidates[5].id })
  }

  @Test func pausingHoldsAllAndGoingOnResumesAll() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-N")
    desk.runEngine(6)
    desk.press("Space")
    desk.runEngine()
    let held = try #require(desk.editor.focusedPassage).candidates
    #expect(held.allSatisfy { $0.state.isPaused && $0.lastStep > 0 })
    // What came while it was paused is played first.
    desk.press("Space")
    desk.wake()
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.candidates.allSatisfy { $0.state == .ended } == true)
    #expect(desk.editor.picker != nil)
  }

  @Test(arguments: ["m", "p", "r", "Ctrl-Up"])
  func aTryThatIsSteeredIsComparedAsWhatItBecame(_ key: String) throws {
    var desk = Desk(Self.text)
    desk.press("Alt-N")
    desk.runEngine(9)
    desk.press(key)
    let steered = try #require(desk.editor.focusedPassage?.candidate.id)
    desk.runEngine()
    let candidates = try #require(desk.editor.focusedPassage).candidates
    #expect(candidates.count == 5 && candidates[0].state.isPaused && candidates[0].score == nil)
    #expect(candidates.first { $0.id == steered }?.score != nil)
    #expect(desk.editor.picker != nil && desk.engine.count <= 1)
  }

  @Test func rejectingEndsAllQuestions() {
    var desk = Desk(Self.text)
    desk.press("Alt-N")
    while desk.editor.status.passage?.label != "comparing" { desk.runEngine(1) }
    desk.press("Esc")
    #expect(desk.editor.passages.isEmpty && desk.engineWork.isEmpty && desk.engine.count == 0)
  }

  // MARK: Refining

  @Test func doubtedWordsAloneAreMasked() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-R")
    let words = desk.effects.compactMap { effect -> [String]? in
      guard case .weighWords(_, let request) = effect else { return nil }
      let bytes = Array(request.text.utf8)
      #expect(request.text == "One. Two quick two qqq. Three.")
      return request.words.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    #expect(words == [["Two", "quick", "two", "qqq"]])
    desk.runEngine(1)
    // At most a quarter of the words a round, the most doubted first.
    let canvas = try #require(desk.editor.focusedPassage?.candidate.request.canvas)
    #expect(canvas.map(\.text) == ["Two", "", " two", " qqq", "."])
    desk.runEngine()
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidates.map(\.label) == ["original", "round 1", "round 2"])
    #expect(passage.refinement == nil && passage.state == .ended)
    #expect(passage.candidates[2].lastCells.map { Passage.text(of: $0) } == "Two s0w1 two s0w3.")
    // Of the rounds the one that reads best is shown: to the scripted engine the shorter.
    #expect(passage.text == "Two s0w1 two qqq.")
    #expect(desk.editor.message == .bestRound("round 1", of: 2))
    #expect(desk.editor.picker == nil && passage.ranking == nil)
  }

  @Test func roundsStayWhereTheEngineCannotCompareThem() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-R")
    while !desk.engineWork.isEmpty {
      if case .scoreTexts(let inquiry, let texts, _) = desk.engineWork[0] {
        #expect(texts == ["Two quick two qqq.", "Two s0w1 two qqq.", "Two s0w1 two s0w3."])
        desk.engineWork.removeFirst()
        desk.send(.inquiry(inquiry, .failed("reads both ways at once")))
      } else {
        desk.runEngine(1)
      }
    }
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.shownCandidate == 2 && passage.ranking == nil)
    #expect(desk.editor.message == .roundsDone(2, changedWords: 2))
    #expect(desk.editor.message?.kind == .note)
  }

  @Test func slipsBecomeWhatTheEngineWouldRead() throws {
    var desk = Desk("One. ▯Two Quikc quikc, quikc two quack.▮ Three.")
    desk.press("Alt-R")
    guard case .weighWords(let inquiry, let request)? = desk.engineWork.first else {
      Issue.record("no question")
      return
    }
    func doubts(_ text: String) -> WordDoubt {
      let meant = InfillAlternative(token: 1, text: " quick", probability: 0.2)
      let other = InfillAlternative(token: 2, text: " other", probability: 0.5)
      return WordDoubt(
        probability: text == "two" || text == "Two" ? 0.9 : 1e-5, alternatives: [other, meant])
    }
    let bytes = Array(request.text.utf8)
    desk.engineWork = []
    desk.send(
      .inquiry(
        inquiry, .doubts(request.words.map { doubts(String(decoding: bytes[$0], as: UTF8.self)) })))
    let passage = try #require(desk.editor.focusedPassage)
    // A fourth of the words at most, none beside another; the name stays, and what is no typo.
    #expect(passage.text == "Two Quikc quick, quikc two quack.")
    #expect(passage.candidate.label == "round 1" && passage.masksLeft == 0)
    #expect(
      passage.candidates[0].lastCells.map { Passage.text(of: $0) }
        == "Two Quikc quikc, quikc two quack.")
  }

  @Test func roundsAreLimited() throws {
    var desk = Desk("One. ▯qa qb qc qd qe qf qg qh qi qj.▮ Three.")
    desk.editor.settings.refineRounds = 2
    desk.press("Alt-R")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.candidates.count == 3)
  }

  @Test func steeringEndsTheRounds() throws {
    var desk = Desk(Self.text)
    desk.press("Alt-R")
    desk.press("r")
    #expect(!desk.engineWork.contains { if case .weighWords = $0 { true } else { false } })
    desk.runEngine()
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.refinement == nil && passage.candidates.count == 2)
  }

  @Test func aTimeBudgetIsForAllRounds() throws {
    var desk = Desk(Self.text)
    desk.editor.settings.infill.unmasking = .budget(milliseconds: 25)
    desk.press("Alt-R")
    desk.runEngine(4)
    let reveals = desk.effects.compactMap { effect -> UnmaskingPolicy? in
      if case .beginRun(_, let request) = effect { request.settings.unmasking } else { nil }
    }
    // A step of the scripted engine takes 10 ms.
    #expect(reveals == [.budget(milliseconds: 25), .budget(milliseconds: 15)])
  }

  @Test(arguments: [
    "", "a", " a  b\n c", "Don't — say \u{201c}well-being\u{201d}, ok?", "…", "日本 語。",
  ])
  func slotsOfATextAreTheText(_ text: String) {
    let cells = InfillCell.drafts(of: text)
    #expect(cells.map(\.text).joined() == text)
    for cell in cells {
      let body = cell.text.drop(while: \.isWhitespace)
      #expect(!body.contains { $0.isWhitespace })
    }
  }

  @Test func wordsAreWhereTheySay() throws {
    var desk = Desk("▯ \"Don't\" she said — well-being, 3 é!▮ End.")
    desk.press("Alt-R")
    let passage = try #require(desk.editor.focusedPassage)
    let bytes = Array(passage.text.utf8)
    let words = passage.weighedWords
    #expect(words.map(\.text) == ["Don't", "she", "said", "well-being", "3", "é"])
    for word in words { #expect(String(decoding: bytes[word.range], as: UTF8.self) == word.text) }
  }

  // MARK: Instructions

  @Test func aModelThatFollowsNoneIsNotAsked() {
    var desk = Desk(Self.text)
    desk.press("Alt-G")
    desk.type("shorter")
    desk.press("Enter")
    desk.runEngine()
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.editor.message?.kind == .warning)
    #expect(
      desk.effects.allSatisfy {
        switch $0 {
        case .beginRun, .beginCandidates: false
        default: true
        }
      })
  }

  @Test func anInstructionIsForLaterTriesToo() throws {
    var desk = Desk(Self.text)
    desk.model.followsInstructions = true
    desk.press("Alt-G")
    desk.type("shorter")
    desk.press("Enter")
    desk.runEngine()
    desk.press("r")
    desk.runEngine()
    desk.press("p", "m")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidates.allSatisfy { $0.request.instruction == "shorter" })
    #expect(passage.candidates.allSatisfy { $0.request.settings.guidance == 1.5 })
    let recording = Recording(
      name: "x", request: passage.candidate.request,
      trajectory: try #require(passage.candidates[0].trajectory)
    )
    #expect(recording.instruction == "shorter")
  }

  @Test func presetsAreAKeyAway() {
    var desk = Desk(Self.text)
    desk.model.followsInstructions = true
    func text() -> String? { desk.editor.prompt?.text }
    desk.press("Alt-G", "Tab")
    #expect(text() == "shorter")
    desk.press("Tab")
    #expect(text() == "more formal")
    desk.press("Shift-Tab", "Shift-Tab")
    #expect(text() == "correct the grammar")
    desk.press("Tab")
    #expect(text() == "shorter")
    desk.type("fr")
    desk.press("Tab")
    #expect(text() == "friendlier")
    desk.type("in rhyme")
    desk.press("Tab")
    #expect(text() == "in rhyme")
    desk.press("Ctrl-Z")
    #expect(text() == "in rhym")
    // Other prompts know no presets.
    desk.press("Esc", "Ctrl-F")
    let proposed = text()
    desk.press("Tab")
    #expect(text() == proposed && proposed != nil)
  }

  @Test func aModelThatTakesNoGuidanceGetsNone() throws {
    var desk = Desk(Self.text)
    desk.model.followsInstructions = true
    desk.model.takesGuidance = false
    desk.press("Alt-G", "Tab", "Enter")
    desk.runEngine()
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.candidate.request.instruction == "shorter")
    #expect(passage.candidate.request.settings.guidance == 0)
    desk.press("Alt-L")
    #expect(desk.editor.prompt == nil && desk.editor.message?.kind == .warning)
  }

  @Test func anInstructionWaitsForTheTextItWasGivenFor() {
    var desk = Desk(Self.text)
    desk.model.followsInstructions = true
    desk.press("Alt-G")
    desk.type("shorter")
    desk.press("Enter", "Ctrl-End")
    desk.type("x")
    desk.runEngine()
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.editor.message == .instructAgain)
  }

  // MARK: Seed words

  @Test func seedsKeepTheirOrderAndGaps() {
    #expect(SeedWords(" sunny  apples ").words == ["sunny", "apples"])
    #expect(SeedWords("good  for us; apples,").words == ["good for us", "apples"])
    #expect(SeedWords(" ,; ").words == [])
    for seeds in 1...6 {
      for slots in [0, 5, 20, 61] {
        let words = (0..<seeds).map { "w\($0)" }
        let cells = SeedWords(words.joined(separator: ",")).canvas(slots: slots)
        #expect(cells.filter { $0.state == .pinned }.map(\.text) == words.map { " " + $0 })
        let gaps = cells.split(
          omittingEmptySubsequences: false, whereSeparator: { $0.state == .pinned }
        ).map(\.count)
        #expect(gaps.count == seeds + 1 && (gaps.min() ?? 0) >= 2)
        #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1)
      }
    }
  }

  @Test func seedsAreInTheResult() {
    var desk = Desk(Self.text)
    desk.press("Alt-W")
    desk.type("warm, old mill")
    desk.press("Enter")
    desk.runEngine()
    desk.press("Enter")
    #expect(desk.text.contains(" warm ") && desk.text.contains(" old mill "))
  }

  // MARK: Several passages

  @Test func passagesThatRefineTogetherSeeTheSameContext() throws {
    var desk = Desk("▯One one.▮ Two two. Three three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Alt-B", "Right", "Right", "Alt-Enter")
    #expect(desk.editor.passages.count == 2)
    let second = try #require(desk.editor.focusedPassage?.candidate.request)
    // The draft before it is no part of the document, finished or not.
    #expect(second.prefix == "One one. ")
    desk.runEngine()
    desk.press("r")
    #expect(desk.editor.focusedPassage?.candidate.request.prefix == "One one. ")
    desk.runEngine()
    desk.press("Enter")
    desk.press("Alt-J")
    desk.press("r")
    // What was accepted is.
    #expect(desk.editor.focusedPassage?.candidate.request.suffix.hasPrefix(" s1w0") == true)
  }

  // MARK: Rejecting

  @Test func rejectedPassagesAreKeptApart() {
    var desk = Desk("▯One one.▮ Two two. Three three.")
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Esc", "Ctrl-End", "Alt-Enter")
    desk.runEngine()
    desk.press("Esc")
    #expect(desk.editor.rejected.passages.count == 2)
    desk.press("Ctrl-Home", "Alt-U")
    #expect(desk.editor.focusedPassage?.span == 0..<8)
    desk.press("Enter", "Ctrl-End", "Alt-U")
    #expect(desk.editor.focusedPassage?.text == "s0w0 s0w1 s0w2")
    desk.press("Esc")
    // Once recalled, undo leaves it alone.
    desk.press("Ctrl-Z")
    #expect(desk.editor.passages.isEmpty && desk.text == "One one. Two two. Three three.")
  }
}
