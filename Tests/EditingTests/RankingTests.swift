import Infilling
import Testing

@testable import Editing

@Suite struct RankingTests {
  private static let request = InfillRequest(prefix: "", original: "x", suffix: "")

  private static func ended(_ number: Int, _ text: String) -> Candidate {
    Candidate(.candidate(number), request, cells: [InfillCell(state: .draft, text: text)])
  }

  private static func score(_ value: Double) -> CandidateScore {
    CandidateScore(passage: .init(logProbability: value, tokens: 1))
  }

  private func ranking(_ runs: Int...) -> Ranking { Ranking(runs: runs.map { .candidate($0) }) }

  @Test func nothingIsAskedBeforeAllHaveEnded() {
    var ranking = ranking(1, 2)
    var numbering = Numbering()
    let open = Candidate(opening: .candidate(2), Self.request)
    #expect(ranking.handle(.candidates([Self.ended(1, "a"), open]), &numbering) == nil)
    #expect(
      ranking.handle(.candidates([Self.ended(1, "a"), Self.ended(2, "b")]), &numbering)
        == .ask(.ranking(0), ["a", "b"]))
    #expect(ranking.inquiry == .ranking(0))
    #expect(
      ranking.handle(.candidates([Self.ended(1, "a"), Self.ended(2, "b")]), &numbering) == nil,
      "one question at a time")
  }

  @Test func oneTextNeedsNoComparison() {
    var ranking = ranking(1, 2)
    var numbering = Numbering()
    let candidates = [Self.ended(1, "a"), Self.ended(2, " ")]
    #expect(ranking.handle(.candidates(candidates), &numbering) == .nothingToCompare)
  }

  @Test func scoresBelongToTheRunsThatWereAsked() {
    var ranking = ranking(1, 2, 3)
    var numbering = Numbering()
    let candidates = [Self.ended(1, "a"), Self.ended(2, " "), Self.ended(3, "c")]
    _ = ranking.handle(.candidates(candidates), &numbering)
    let scores = [Self.score(-2), Self.score(-1)]
    #expect(
      ranking.handle(.reply(.scores(scores)), &numbering)
        == .scored([.candidate(1): scores[0], .candidate(3): scores[1]], best: .candidate(3)))
    #expect(ranking.handle(.reply(.scores(scores)), &numbering) == nil, "answered already")
  }

  @Test func anEngineThatCannotCompareOrFails() {
    var ranking = ranking(1, 2)
    var numbering = Numbering()
    _ = ranking.handle(.candidates([Self.ended(1, "a"), Self.ended(2, "b")]), &numbering)
    var other = ranking
    #expect(ranking.handle(.reply(.scores([])), &numbering) == .cannotCompare)
    #expect(other.handle(.reply(.failed("no")), &numbering) == .failed("no"))
  }

  @Test func aSteeredBranchIsComparedByWhatItGoesOnAs() {
    var ranking = ranking(1, 2)
    var numbering = Numbering()
    #expect(ranking.handle(.superseded(.candidate(2), by: .candidate(7)), &numbering) == nil)
    #expect(ranking.runs == [.candidate(1), .candidate(7)])
    let candidates = [Self.ended(1, "a"), Self.ended(2, "b"), Self.ended(7, "c")]
    #expect(
      ranking.handle(.candidates(candidates), &numbering) == .ask(.ranking(0), ["a", "b", "c"]))
    #expect(ranking.handle(.withdrawn, &numbering) == .withdraw(.ranking(0)))
    #expect(ranking.handle(.withdrawn, &numbering) == nil)
  }
}
