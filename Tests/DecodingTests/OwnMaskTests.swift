import Decoding
import DecodingPolicies
import Tensors
import Testing

/// A slot for which the model predicts the mask itself, which has id 0 here.
@Suite struct OwnMaskTests {
  /// Slot 1 wants the mask until its neighbours show; then it knows better.
  private static func reluctant(_ canvas: Canvas, _ slot: Int) -> [TokenCandidate] {
    guard slot == 1 else { return [TokenCandidate(token: 10 + slot, probability: 0.5)] }
    return canvas.maskedSlots == [1]
      ? [TokenCandidate(token: 11, probability: 0.9)]
      : [TokenCandidate(token: 0, probability: 0.9), TokenCandidate(token: 12, probability: 0.1)]
  }

  @Test(arguments: [
    UnmaskingPolicy.threshold(0.8, always: .best), .steps(3, .linear), .quota(.even, steps: 3),
    .factor(1), .entropyBudget(0),
  ])
  func isAskedAboutAgain(_ unmasking: UnmaskingPolicy) throws {
    var denoiser = Denoiser(
      TablePredictor(Self.reluctant), canvas: Canvas(masks: 3),
      policy: DenoisingPolicy(unmasking: unmasking, lengthMayChange: false))
    var steps = 0
    while let step = try denoiser.next() {
      steps += 1
      #expect(!step.canvas.shownTokens.contains(0))
      try #require(steps < 10)
    }
    #expect(denoiser.canvas.isFilled && denoiser.canvas.shownTokens.count == 3)
  }

  /// Beside a token that is placed, the mask stays one, with what was thought of it.
  @Test func staysMaskedBesideOthers() throws {
    var denoiser = Denoiser(
      TablePredictor(Self.reluctant), canvas: Canvas(masks: 3),
      policy: DenoisingPolicy(unmasking: .threshold(0.5, always: .best), lengthMayChange: false))
    let first = try #require(try denoiser.next())
    #expect(first.committed == [0, 2] && first.changed == [0, 2])
    #expect(first.canvas.slots[1].content == .masked && first.canvas.slots[1].confidence == 0.9)
    let second = try #require(try denoiser.next())
    #expect(second.committed == [1] && second.canvas.shownTokens == [10, 11, 12])
  }

  /// Where nothing would ever change, the likeliest other token is taken.
  @Test func endsWhereNothingElseIsPredicted() throws {
    var denoiser = Denoiser(
      TablePredictor { _, slot in
        [
          TokenCandidate(token: 0, probability: 0.9 - Float(slot) / 10),
          TokenCandidate(token: 20 + slot, probability: 0.1),
        ]
      }, canvas: Canvas(masks: 2),
      policy: DenoisingPolicy(unmasking: .threshold(0.95, always: .best), lengthMayChange: false))
    #expect(try denoiser.next()?.committed == [0])
    #expect(try denoiser.next()?.committed == [1])
    #expect(try denoiser.next() == nil)
    #expect(denoiser.canvas.shownTokens == [20, 21])
  }

  /// A shown token that editing would replace by the mask becomes one.
  @Test func editingMayTakeAWordBack() throws {
    var slots = [Canvas.Slot(.token(30)), Canvas.Slot(.masked)]
    slots[0].confidence = 0.2
    var denoiser = Denoiser(
      TablePredictor { canvas, slot in
        guard slot == 0 else { return [TokenCandidate(token: 40, probability: 0.9)] }
        let isFirst = canvas.slots[0].content == .token(30)
        return [TokenCandidate(token: isFirst ? 0 : 31, probability: 0.99)]
      }, canvas: Canvas(slots),
      policy: DenoisingPolicy(
        unmasking: .threshold(0.5, always: .best), lengthMayChange: false,
        editing: TokenEditing(threshold: 0.9)))
    let first = try #require(try denoiser.next())
    #expect(first.edited == [0] && first.canvas.slots[0].content == .masked)
    while try denoiser.next() != nil {}
    #expect(denoiser.canvas.shownTokens == [31, 40])
  }
}
