import Infilling
import Testing

@testable import Editing

@Suite struct RefinementTests {
  private static func words(_ text: String) -> [WeighedWord] {
    text.split(separator: " ").enumerated().map {
      WeighedWord(text: String($1), range: 0..<1, slots: [$0])
    }
  }

  /// Words in capitals are likely, those with a q are not, `teh` is a typo.
  private static func doubts(_ words: [WeighedWord]) -> [WordDoubt] {
    words.map { word in
      if word.text == "teh" {
        return WordDoubt(
          probability: 0.0001,
          alternatives: [InfillAlternative(token: 1, text: "the", probability: 0.9)])
      }
      return word.text.contains("q")
        ? WordDoubt(
          probability: 0.0001 * Float(word.text.count),
          alternatives: [InfillAlternative(token: 1, text: "other", probability: 0.5)])
        : WordDoubt(probability: 0.9)
    }
  }

  private var numbering = Numbering()
  private var refinement = Refinement(from: .candidate(100), below: 0.001, limit: 2)

  /// Asks about words and answers.
  private mutating func score(_ text: String, budget: Int? = nil) -> [Refinement.Action] {
    let words = Self.words(text)
    _ = refinement.handle(.words(words), &numbering)
    return refinement.handle(.reply(.doubts(Self.doubts(words)), budget: budget), &numbering)
  }

  private func masked(_ actions: [Refinement.Action]) -> [String] {
    for case .mask(let words, _) in actions { return words.map(\.text) }
    return []
  }

  @Test mutating func theUnlikeliestIsMaskedAndNoneBesideAnother() {
    let actions = score("a qqq qq b c d e f")
    #expect(masked(actions) == ["qq"] && refinement.round == 1)
  }

  @Test mutating func aWordIsMaskedOnce() {
    #expect(masked(score("a qq b c")) == ["qq"])
    #expect(score("a qq b c").last == .end(.done) && refinement.round == 1)
  }

  @Test mutating func slipsGoFirstAndNeedNoRun() {
    let actions = score("teh a qq b c d e f")
    guard case .mend(let typos) = actions[1] else {
      return #expect(Bool(false), "\(actions)")
    }
    #expect(typos.map(\.word.text) == ["teh"] && typos[0].meant.text == "the")
    #expect(actions.last == .scoreWords)
  }

  @Test mutating func roundsEndAtTheirLimit() {
    _ = score("a qq b c")
    _ = refinement.handle(.round(.candidate(1)), &numbering)
    let run = Refinement.Event.runEnded(.candidate(1), milliseconds: 30, isWhole: true)
    #expect(refinement.handle(run, &numbering) == [.scoreWords])
    #expect(refinement.handle(run, &numbering) == [], "the run has ended already")
    _ = score("a qqq b c")
    _ = refinement.handle(.round(.candidate(2)), &numbering)
    #expect(
      refinement.handle(.runEnded(.candidate(2), milliseconds: 30, isWhole: true), &numbering)
        == [.end(.done)])
    #expect(refinement.runs == [.candidate(100), .candidate(1), .candidate(2)])
  }

  @Test mutating func noRoundBeginsWhenTheTimeIsUsedUp() {
    #expect(
      score("a qq b c", budget: 40).last
        == .mask(Self.words("a qq b c").filter { $0.text == "qq" }, milliseconds: 40))
    _ = refinement.handle(.round(.candidate(1)), &numbering)
    _ = refinement.handle(
      .runEnded(.candidate(1), milliseconds: 40, isWhole: true), &numbering)
    #expect(score("a qqq b c", budget: 40).last == .end(.done) && refinement.round == 1)
  }

  @Test mutating func whatEndsIt() {
    #expect(refinement.handle(.words([]), &numbering) == [.end(.noWords)])
    _ = refinement.handle(.words(Self.words("a b")), &numbering)
    #expect(refinement.handle(.reply(.doubts([]), budget: nil), &numbering) == [.end(.cannotScore)])
    _ = refinement.handle(.words(Self.words("a b")), &numbering)
    let id = refinement.inquiry
    #expect(refinement.handle(.withdrawn, &numbering) == id.map { [.withdraw($0)] })
    #expect(
      refinement.handle(.reply(.failed("no"), budget: nil), &numbering) == [.end(.failed("no"))])
    _ = score("a qq b c")
    _ = refinement.handle(.round(.candidate(1)), &numbering)
    #expect(
      refinement.handle(.runEnded(.candidate(1), milliseconds: 1, isWhole: false), &numbering)
        == [.end(.abandoned)])
  }
}
