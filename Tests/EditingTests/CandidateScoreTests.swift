import Infilling
import Testing

@Suite struct CandidateScoreTests {
  private func score(_ passage: Double, _ tokens: Int, _ following: Double) -> CandidateScore {
    CandidateScore(
      passage: .init(logProbability: passage, tokens: tokens),
      following: .init(logProbability: following, tokens: 32))
  }

  @Test func aPassageIsNotBetterForItsLength() {
    #expect(score(-20, 10, -90).value == score(-60, 30, -90).value)
  }

  @Test func whatFollowsCountsAsAWhole() {
    // A longer passage of likelier tokens, cut off: what follows does not.
    let scores = [score(-60, 30, -110), score(-25, 8, -104)]
    #expect(CandidateScore.best(scores) == 1)
  }

  @Test func thePassageDecidesWhereTheSameFollows() {
    #expect(CandidateScore.best([score(-30, 10, -90), score(-20, 10, -90)]) == 1)
  }

  @Test func edges() {
    #expect(CandidateScore.best([]) == nil)
    #expect(CandidateScore.best([score(0, 0, 0), score(-9, 1, -300)]) == 1)
    #expect(CandidateScore.best([score(-2, 1, -1), score(-2, 1, -1)]) == 0)
    #expect(CandidateScore(passage: .init(logProbability: -3, tokens: 2)).value == -1.5)
  }
}
