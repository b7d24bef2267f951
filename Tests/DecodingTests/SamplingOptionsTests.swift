import Decoding
import Testing

@Suite struct SamplingOptionsTests {
  static let logits: [Float] = [1, 3, 2, 3, -1, 0]

  func kept(_ options: SamplingOptions, _ logits: [Float] = logits, history: [Int] = []) -> [Int] {
    var logits = logits
    options.filter(&logits, history: history)
    return logits.indices.filter { logits[$0] > -.infinity }
  }

  @Test func topKKeepsTheLowerIdsAmongEquals() {
    #expect(kept(SamplingOptions(temperature: 1, topK: 1)) == [1])
    #expect(kept(SamplingOptions(temperature: 1, topK: 3)) == [1, 2, 3])
    #expect(kept(SamplingOptions(temperature: 1, topK: 99)) == [0, 1, 2, 3, 4, 5])
  }

  /// Shares at temperature 1: 0.36, 0.36, 0.13 for ids 1, 3, 2.
  @Test func topPDropsWhatTheOthersMakeUp() {
    #expect(kept(SamplingOptions(temperature: 1, topP: 0.3)) == [1])
    #expect(kept(SamplingOptions(temperature: 1, topP: 0.5)) == [1, 3])
    #expect(kept(SamplingOptions(temperature: 1, topP: 0.8)) == [1, 2, 3])
    #expect(kept(SamplingOptions(temperature: 0.1, topP: 0.8)) == [1, 3])
  }

  @Test func minPIsAShareOfTheBest() {
    #expect(kept(SamplingOptions(temperature: 1, minP: 0.3)) == [1, 2, 3])
    #expect(kept(SamplingOptions(temperature: 1, minP: 1)) == [1, 3])
    #expect(kept(SamplingOptions(temperature: 0.5, minP: 0.3)) == [1, 3])
  }

  @Test func filtersDoNothingAtTemperatureZero() {
    #expect(kept(SamplingOptions(topK: 1, topP: 0.1, minP: 0.9)) == [0, 1, 2, 3, 4, 5])
  }

  @Test func penaltyMovesLogitsTowardsLessProbable() {
    var logits = Self.logits
    SamplingOptions(repetitionPenalty: 2, repetitionWindow: 3).filter(
      &logits, history: [2, 1, 4, 1, 99])
    #expect(logits == [1, 1.5, 2, 3, -2, 0])
  }
}
