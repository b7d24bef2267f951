import Decoding
import DecodingPolicies
import Tensors
import Testing

@Suite struct DenoiserTests {
  /// Slot i wants token 10 + i with probability 0.9 - i/100.
  static func plain(_ canvas: Canvas, _ slot: Int) -> [TokenCandidate] {
    [
      TokenCandidate(token: 10 + slot, probability: 0.9 - Float(slot) / 100),
      TokenCandidate(token: 50 + slot, probability: 0.05),
    ]
  }

  @Test func fixedStepsFillSurestFirst() throws {
    var denoiser = Denoiser(
      TablePredictor(Self.plain), canvas: Canvas(masks: 6),
      policy: DenoisingPolicy(unmasking: .steps(3, .linear)))
    var committed: [[Int]] = []
    while let step = try denoiser.next() {
      committed.append(step.committed)
      #expect(step.plannedSteps == 3 && step.forwardPasses == 1)
      #expect(step.isLast == (step.index == 3))
    }
    #expect(committed == [[0, 1], [2, 3], [4, 5]])
    #expect(denoiser.canvas.shownTokens == [10, 11, 12, 13, 14, 15])
    #expect(try denoiser.next() == nil)
  }

  @Test func thresholdCommitsTheFrontierAlways() throws {
    var denoiser = Denoiser(
      TablePredictor { _, slot in [TokenCandidate(token: 9, probability: slot == 3 ? 0.8 : 0.1)] },
      canvas: Canvas(masks: 5),
      policy: DenoisingPolicy(unmasking: .threshold(0.5, always: .frontier)))
    var committed: [[Int]] = []
    while let step = try denoiser.next() { committed.append(step.committed) }
    #expect(committed == [[0, 3], [1], [2], [4]])
  }

  @Test func pinnedAndShownSlotsStay() throws {
    var slots = Array(repeating: Canvas.Slot(.masked), count: 5)
    slots[1] = Canvas.Slot(.token(99), isPinned: true)
    slots[3] = Canvas.Slot(.token(98))
    var denoiser = Denoiser(
      TablePredictor(Self.plain), canvas: Canvas(slots),
      policy: DenoisingPolicy(unmasking: .steps(2, .linear)))
    while let step = try denoiser.next() { #expect(!step.changed.contains(1)) }
    #expect(denoiser.canvas.shownTokens == [10, 99, 12, 98, 14])
    #expect(denoiser.canvas.slots[1].isPinned)
  }

  /// The two slots at the end are surely surplus, yet are closed only behind the last word, and
  /// then both at once.
  @Test(arguments: [UnmaskingPolicy.steps(6, .linear), .threshold(0.5, always: .frontier)])
  func closingWaitsForTheWords(_ unmasking: UnmaskingPolicy) throws {
    var denoiser = Denoiser(
      TablePredictor { _, slot in
        slot < 3
          ? [TokenCandidate(token: 10 + slot, probability: 0.3)]
          : [TokenCandidate(token: 1, probability: 0.9)]
      }, canvas: Canvas(masks: 5),
      policy: DenoisingPolicy(unmasking: unmasking, closesFromLeft: true))
    var committed: [[Int]] = []
    while let step = try denoiser.next() { committed.append(step.committed) }
    #expect(committed == [[0], [1], [2], [3, 4]])
    #expect(denoiser.canvas.shownTokens == [10, 11, 12])
  }

  @Test func expandGrowsAndDeleteCloses() throws {
    var denoiser = Denoiser(
      TablePredictor { canvas, slot in
        if canvas.count == 3 && slot == 1 { return [TokenCandidate(token: 2, probability: 0.9)] }
        if slot == canvas.count - 1 { return [TokenCandidate(token: 1, probability: 0.8)] }
        return [TokenCandidate(token: 10 + slot, probability: 0.5)]
      }, canvas: Canvas(masks: 3),
      policy: DenoisingPolicy(unmasking: .threshold(0.6, always: .frontier)))
    let first = try #require(try denoiser.next())
    #expect(first.committed == [0, 1, 2])
    #expect(first.expanded == [1] && first.changed == [0, 1, 2, 3])
    #expect(first.canvas.slots.map(\.content) == [.token(10), .masked, .masked, .deleted])
    while try denoiser.next() != nil {}
    #expect(denoiser.canvas.shownTokens == [10, 11, 12])
  }

  @Test func growthEndsAtTwiceTheLengthAndInTheLastStep() throws {
    let greedy = TablePredictor { _, _ in
      [TokenCandidate(token: 2, probability: 0.9), TokenCandidate(token: 7, probability: 0.1)]
    }
    var open = Denoiser(
      greedy, canvas: Canvas(masks: 4),
      policy: DenoisingPolicy(unmasking: .threshold(0.95, always: .frontier)))
    while try open.next() != nil {}
    #expect(open.canvas.count == 8)
    var fixed = Denoiser(
      greedy, canvas: Canvas(masks: 4), policy: DenoisingPolicy(unmasking: .steps(1, .linear)))
    #expect(try fixed.next()?.isLast == true)
    #expect(fixed.canvas.shownTokens == [7, 7, 7, 7])
    var exact = Denoiser(
      greedy, canvas: Canvas(masks: 4),
      policy: DenoisingPolicy(unmasking: .threshold(0.95, always: .best), lengthMayChange: false))
    while try exact.next() != nil {}
    #expect(exact.canvas.count == 4)
  }

  @Test func aFailedStepLeavesTheCanvas() throws {
    struct Failing: MaskPredictor {
      struct Broken: Error {}
      var canvasTokens = CanvasTokens(mask: 0)
      mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
        throw Broken()
      }
    }
    var denoiser = Denoiser(Failing(), canvas: Canvas(masks: 2), policy: DenoisingPolicy())
    #expect(throws: Failing.Broken.self) { try denoiser.next() }
    #expect(denoiser.canvas == Canvas(masks: 2) && denoiser.stepCount == 0)
  }

  /// Whatever the model says: every step fills something, filled slots stay, and it ends.
  @Test func invariantsOverRandomModels() throws {
    for seed in UInt64(1)...300 {
      var random = Generator(seed: seed)
      let slots = Int.random(in: 1...20, using: &random)
      let reveals: [UnmaskingPolicy] = [
        .steps(Int.random(in: 1...12, using: &random), .linear),
        .steps(Int.random(in: 1...12, using: &random), .cosine),
        .threshold(Double.random(in: 0...1, using: &random), always: .frontier),
        .threshold(Double.random(in: 0...1, using: &random), always: .best),
        .factor(Double.random(in: 0...2, using: &random)),
        .entropyBudget(Double.random(in: 0...2, using: &random)),
      ]
      let unmasking = reveals[Int.random(in: 0..<reveals.count, using: &random)]
      let confidence = Confidence.allCases.randomElement(using: &random) ?? .probability
      let predictor = TablePredictor { canvas, slot in
        let mixed = seed &* 7919 &+ UInt64(canvas.maskedSlots.count)
        return (0..<6).map {
          let unit = CounterRandom.unit(seed: mixed, slot: slot, token: $0)
          return TokenCandidate(token: $0 == 0 ? 9 : $0, probability: Float(unit))
        }.sorted { $0.probability > $1.probability }
      }
      var denoiser = Denoiser(
        predictor, canvas: Canvas(masks: slots),
        policy: DenoisingPolicy(
          unmasking: unmasking, confidence: confidence,
          repetition: seed % 2 == 0 ? RepetitionGuard() : nil))
      var before = denoiser.canvas
      var steps = 0
      while let step = try denoiser.next() {
        steps += 1
        #expect(!step.committed.isEmpty, "seed \(seed)")
        #expect(step.canvas.count == before.count + step.expanded.count, "seed \(seed)")
        let shown = before.slots.filter { $0.content != .masked }.map(\.content)
        let later = step.canvas.slots.enumerated().filter { !step.changed.contains($0.offset) }
          .map(\.element.content).filter { $0 != .masked }
        #expect(shown == later, "seed \(seed): a filled slot changed")
        before = step.canvas
        try #require(steps <= 200, "seed \(seed) does not end")
      }
      #expect(before.maskedSlots.isEmpty && before.count < 4 * slots, "seed \(seed)")
      if let planned = unmasking.plannedSteps { #expect(steps <= planned, "seed \(seed)") }
    }
  }
}
