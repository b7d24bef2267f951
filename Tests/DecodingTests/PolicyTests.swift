import Decoding
import DecodingPolicies
import Tensors
import Testing

/// The policies of published samplers beyond what their recorded traces show.
@Suite struct PolicyTests {
  /// Says token 9 with a probability that rises from the left.
  func rising(_ tokens: CanvasTokens = CanvasTokens(mask: 0)) -> TablePredictor {
    var predictor = TablePredictor { canvas, slot in
      [
        TokenCandidate(token: 9, probability: 0.1 + 0.8 * Float(slot) / Float(canvas.count)),
        TokenCandidate(token: 8, probability: 0.05),
      ]
    }
    predictor.canvasTokens = tokens
    return predictor
  }

  func steps(_ predictor: TablePredictor, _ canvas: Canvas, _ policy: DenoisingPolicy) throws
    -> [Step]
  {
    var denoiser = Denoiser(predictor, canvas: canvas, policy: policy)
    var steps: [Step] = []
    while let step = try denoiser.next() {
      steps.append(step)
      if steps.count > 1000 { break }
    }
    return steps
  }

  @Test(arguments: [
    TransferSchedule.even, .evenOf(7), .rounded(.linear), .rounded(.cosine),
    .truncated(epsilon: 1e-3),
    .constant(2),
  ])
  func everyQuotaFillsEverything(quota: TransferSchedule) throws {
    for masks in 1...20 {
      for steps in 1...24 {
        let run = try self.steps(
          rising(), Canvas(masks: masks), DenoisingPolicy(unmasking: .quota(quota, steps: steps)))
        #expect(run.last?.isLast == true && run.flatMap(\.committed).count == masks)
      }
    }
  }

  @Test func blocksAreFilledInTurn() throws {
    let run = try steps(
      rising(), Canvas(masks: 10),
      DenoisingPolicy(
        unmasking: .quota(.constant(3), steps: 1), order: .blocks(4, before: 1)))
    #expect(run.map(\.committed) == [[0, 1, 2], [4, 5, 6], [3], [7, 8, 9]])
    #expect(run.map(\.isLast) == [false, false, false, true])
  }

  @Test func aStopTokenEndsTheBlocks() throws {
    let run = try steps(
      rising(), Canvas(masks: 9),
      DenoisingPolicy(unmasking: .factor(9), order: .blocks(3), stops: [9]))
    #expect(run.count == 1 && run[0].isLast && run[0].canvas.maskedSlots == Array(3..<9))
  }

  @Test func deferredTokensComeLast() throws {
    var predictor = rising()
    predictor.answer = { _, slot in
      [TokenCandidate(token: slot == 0 ? 7 : 9, probability: slot == 0 ? 0.99 : 0.5)]
    }
    let run = try steps(
      predictor, Canvas(masks: 3),
      DenoisingPolicy(unmasking: .quota(.constant(1), steps: 1), deferred: [7]))
    #expect(run.map(\.committed) == [[1], [2], [0]])
  }

  @Test func secondThoughtsReplaceTokensUntilNothingChanges() throws {
    var predictor = rising()
    // Surer of 5 wherever 9 stands; masks become 9.
    predictor.answer = { canvas, slot in
      let isOpen = canvas.slots[slot].content == .masked
      return [TokenCandidate(token: isOpen ? 9 : 5, probability: 0.8)]
    }
    var canvas = Canvas(masks: 3)
    canvas = Canvas([Canvas.Slot(.token(9), isPinned: true)] + canvas.slots)
    let run = try steps(
      predictor, canvas,
      DenoisingPolicy(
        unmasking: .quota(.constant(1), steps: 1), editing: TokenEditing(threshold: 0.7)))
    #expect(run.last?.canvas.shownTokens == [9, 5, 5, 5])
    #expect(run.last?.edited == [] && run.last?.isLast == true)
    #expect(run.dropLast().contains { $0.edited.count == 1 })
    let sure = try steps(
      predictor, canvas,
      DenoisingPolicy(
        unmasking: .quota(.constant(1), steps: 1), editing: TokenEditing(threshold: 0.9)))
    #expect(sure.last?.canvas.shownTokens == [9, 9, 9, 9])
  }

  @Test func removedSlotsLeaveTheCanvas() throws {
    var predictor = rising(CanvasTokens(mask: 0, delete: 1, expand: 2, removesDeleted: true))
    predictor.answer = { canvas, slot in
      switch canvas.count {
      case 4: [TokenCandidate(token: slot == 1 ? 2 : 9, probability: slot == 1 ? 0.9 : 0.1)]
      case 5: [TokenCandidate(token: slot == 2 ? 1 : 9, probability: slot == 2 ? 0.9 : 0.1)]
      default: [TokenCandidate(token: 9, probability: 0.5)]
      }
    }
    var first = try steps(
      predictor, Canvas(masks: 4), DenoisingPolicy(unmasking: .quota(.constant(1), steps: 1)))
    #expect(first[0].expanded == [1] && first[0].changed == [1, 2])
    #expect(first[1].removed == [2] && first[1].canvas.count == 4 && first[1].changed == [])
    // No room to grow: EXPAND is not asked for again.
    first = try steps(
      rising(), Canvas(masks: 2),
      DenoisingPolicy(lengthLimits: LengthLimits(length: 2, expansions: 0)))
    #expect(first.last?.canvas.count == 2)
  }

  @Test func theEndOfATextFillsTheRest() throws {
    var predictor = rising(CanvasTokens(mask: 0, delete: 1, removesDeleted: true))
    predictor.answer = { _, slot in
      [TokenCandidate(token: slot == 2 ? 1 : 9, probability: slot == 2 ? 0.9 : 0.2)]
    }
    let run = try steps(
      predictor, Canvas(masks: 6),
      DenoisingPolicy(unmasking: .quota(.constant(1), steps: 1), padding: 1))
    #expect(run[0].removed == [2, 3, 4, 5] && run[0].canvas.count == 2)
    #expect(run.last?.canvas.shownTokens == [9, 9])
  }

  @Test(arguments: [
    Remasking.never, .forwardBackward, .capped(0.1), .rescaled(0.3), .byConfidence, .loop(0.1),
  ])
  func theReverseProcessEndsWithoutMasks(remasking: Remasking) throws {
    for seed in UInt64(1)...20 {
      let run = try steps(
        rising(), Canvas(masks: 12),
        DenoisingPolicy(
          unmasking: .ancestral(steps: 16, remasking),
          choice: .sampled(temperature: 1, seed: seed)))
      #expect(run.count <= 16 && run.last?.canvas.maskedSlots == [], "seed \(seed)")
      if remasking == .never { #expect(run.allSatisfy { $0.remasked.isEmpty }) }
    }
  }

  /// A budget of 60 ms for 11 slots. The first step fills one. At 10 ms a step the second is one of
  /// five that are left; at 100 ms the last. After a first one of 30 ms, for the context, five
  /// more at 5 ms fit behind the second.
  @Test(arguments: zip([(10.0, 10.0), (100, 100), (30, 5)], budgetShares))
  func aBudgetSharesTheTimeLeft(_ paces: (first: Double, rest: Double), _ expected: [Int]) throws {
    var clock = 0.0
    let predictor = TablePredictor { canvas, slot in
      let open = canvas.maskedSlots
      clock += slot == open[0] ? (open.count == 11 ? paces.first : paces.rest) : 0
      return [TokenCandidate(token: 10 + slot, probability: 0.5)]
    }
    var denoiser = Denoiser(
      predictor, canvas: Canvas(masks: 11),
      policy: DenoisingPolicy(unmasking: .budget(milliseconds: 60)), now: { clock })
    var counts: [Int] = []
    while let step = try denoiser.next() {
      #expect(step.plannedSteps == nil)
      counts.append(step.committed.count)
    }
    #expect(counts == expected)
  }

  static let budgetShares = [[1, 2, 2, 2, 2, 2], [1, 10], [1, 2, 2, 2, 2, 1, 1]]
}
