import DecodingPolicies
import Tensors
import Testing

@testable import Decoding

@Suite struct RepetitionGuardTests {
  let guardian = RepetitionGuard(exempt: [5])

  @Test(
    arguments: [
      ([7, nil], 1, 7, true), ([nil, 7], 0, 7, true), ([7, nil, 8], 1, 9, false),
      ([1, 2, 1, nil], 3, 2, true), ([1, 2, nil, 2], 2, 1, true), ([1, nil, 1, nil], 3, 2, false),
      ([5, nil], 1, 5, false), ([1, 2, 3, 4, 9, nil, 1, 2, 3, nil], 9, 4, true),
      ([1, 2, 3, 4, 9, nil, 1, 2, 3, nil], 9, 6, false),
    ] as [([Int?], Int, Int, Bool)])
  func findsRepeats(line: [Int?], place: Int, token: Int, expected: Bool) {
    #expect(guardian.repeats(token, at: place, in: line) == expected)
  }

  @Test func takesTheRunnerUp() throws {
    var denoiser = Denoiser(
      TablePredictor { _, _ in
        [TokenCandidate(token: 10, probability: 0.6), TokenCandidate(token: 11, probability: 0.3)]
      }, canvas: Canvas(masks: 1), policy: DenoisingPolicy(repetition: guardian), left: [10])
    let step = try #require(try denoiser.next())
    #expect(step.canvas.shownTokens == [11])
    #expect(step.predictions[0].candidates.count == 2)
  }

  @Test func aSureTokenMayRepeat() throws {
    var denoiser = Denoiser(
      TablePredictor { _, _ in
        [
          TokenCandidate(token: 10, probability: 0.99),
          TokenCandidate(token: 11, probability: 0.001),
        ]
      }, canvas: Canvas(masks: 1), policy: DenoisingPolicy(repetition: guardian), left: [10])
    #expect(try denoiser.next()?.canvas.shownTokens == [10])
  }

  @Test func slotsOfOneStepDoNotRepeatEachOther() throws {
    var denoiser = Denoiser(
      TablePredictor { _, slot in
        [
          TokenCandidate(token: 10, probability: 0.6 - Float(slot) / 10),
          TokenCandidate(token: 11, probability: 0.2),
        ]
      }, canvas: Canvas(masks: 2),
      policy: DenoisingPolicy(unmasking: .threshold(0.1, always: .frontier), repetition: guardian))
    #expect(try denoiser.next()?.committed == [0])
    #expect(try denoiser.next()?.canvas.shownTokens == [10, 11])
  }
}
