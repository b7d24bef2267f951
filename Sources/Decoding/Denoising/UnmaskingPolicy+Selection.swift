public import DecodingPolicies

extension UnmaskingPolicy {
  /// Appends the slots to fill in a step to `chosen`, out of `ranked` (surest first, with scores)
  /// and in its order, a guaranteed slot first; none where the plan says so. O(slots).
  func select(
    _ ranked: [Ranked], _ progress: inout UnmaskingProgress, seed: UInt64,
    into chosen: inout [SlotPrediction]
  ) {
    guard !ranked.isEmpty else { return }
    let step = progress.step
    func quota(_ quota: TransferSchedule, _ steps: Int) -> Int {
      quota.count(step: step, of: max(1, steps), first: progress.first, left: ranked.count)
    }
    func choose(_ count: Int, where isChosen: (Int) -> Bool = { _ in true }) {
      for index in 0..<min(count, ranked.count) where isChosen(index) {
        chosen.append(ranked[index].prediction)
      }
    }
    switch self {
    case .steps(let steps, let schedule):
      let steps = max(1, steps)
      choose(schedule.count(left: ranked.count, step: min(step, steps - 1), of: steps))
    case .threshold(let threshold, let always):
      let first = ranked.indices.min { ranked[$0].prediction.slot < ranked[$1].prediction.slot }
      let forced = always == .best ? 0 : first ?? 0
      chosen.append(ranked[forced].prediction)
      choose(ranked.count) { $0 != forced && Double(ranked[$0].score) >= threshold }
    case .factor(let factor):
      choose(
        ranked.indices.count {
          $0 == 0 || Double(ranked[$0].score) >= 1 - factor / Double($0 + 2)
        })
    case .entropyBudget(let budget):
      var spent = 0.0
      var count = 0
      while count < ranked.count {
        spent += Double(ranked[count].prediction.entropy)
        guard count == 0 || spent <= budget else { break }
        count += 1
      }
      choose(count)
    case .quota(let shares, let steps): choose(quota(shares, steps))
    case .sureOrQuota(let shares, let steps, let threshold):
      let count = quota(shares, steps)
      func isSure(_ index: Int) -> Bool { Double(ranked[index].score) > threshold }
      if ranked.indices.count(where: isSure) >= count {
        choose(ranked.count, where: isSure)
      } else {
        choose(count)
      }
    case .sureWithinQuota(let steps, let threshold):
      let share = step < steps ? progress.first / max(1, steps) : 0
      let count = min(ranked.count, max(1, share + progress.carried))
      let before = chosen.count
      choose(count) { $0 == 0 || Double(ranked[$0].score) >= threshold }
      progress.carried = count - (chosen.count - before)
    case .ancestral(let steps, let remasking):
      guard step + 1 < steps else { return choose(ranked.count) }
      let chance = remasking.chances(step: step, of: steps, confidences: []).unmask
      choose(ranked.count) {
        CounterRandom.unit(seed: seed, slot: ranked[$0].prediction.slot, token: -2 - step) < chance
      }
    case .independent(let steps, let epsilon):
      guard step + 1 < steps else { return choose(ranked.count) }
      let chance =
        1 - TransferSchedule.time(step + 1, steps, epsilon)
        / TransferSchedule.time(step, steps, epsilon)
      choose(ranked.count) {
        CounterRandom.unit(seed: seed, slot: ranked[$0].prediction.slot, token: -2 - step)
          < Double(chance)
      }
    case .budget(let milliseconds):
      choose(progress.run.share(of: ranked.count, within: milliseconds))
    }
  }
}

extension UnmaskingPolicy {
  /// The slots that one step over a block fills, surest first: for decoders that fill blocks
  /// without a `Denoiser`. O(slots log slots).
  public func select(
    _ predictions: [SlotPrediction], by confidence: Confidence, seed: UInt64,
    _ progress: inout UnmaskingProgress
  ) -> [SlotPrediction] {
    var ranked = predictions.map { prediction in
      let score = confidence.score(prediction, seed: seed)
      return Ranked(prediction: prediction, score: score, rank: score)
    }
    ranked.sortSurestFirst()
    var chosen: [SlotPrediction] = []
    select(ranked, &progress, seed: seed, into: &chosen)
    return chosen
  }
}

/// The progress of a block: what the policies know besides the predictions of a step.
public struct UnmaskingProgress: Sendable, Equatable {
  /// Steps made in the block.
  public var step = 0
  /// Masks it began with.
  var first: Int
  /// What `sureWithinQuota` has left out.
  var carried = 0
  var run = RunProgress()

  /// Before the first step of a block of `first` masks.
  public init(first: Int) {
    self.first = first
  }
}

/// The progress of a run at the step whose slots are to be chosen.
struct RunProgress: Sendable, Equatable {
  /// Steps made.
  var steps = 0
  var milliseconds = 0.0
  /// Of these, the first step's: it encodes the context, so it says nothing of the others.
  var firstMilliseconds = 0.0
  /// Time that the present step has taken so far.
  var current = 0.0
  /// Masks outside of the block that is being filled.
  var maskedElsewhere = 0

  /// How many of `open` slots a step fills so that all masks of the run are filled in `budget`
  /// milliseconds; at least one, and no more in the first step, whose pace is unknown.
  func share(of open: Int, within budget: Double) -> Int {
    guard steps > 0 else { return 1 }
    let pace = (milliseconds - firstMilliseconds + current) / Double(steps)
    guard pace > 0 else { return 1 }
    let stepsLeft = 1 + max(0, (budget - milliseconds - current) / pace).rounded(.down)
    let share = (Double(open + maskedElsewhere) / stepsLeft).rounded(.up)
    return min(open, max(1, Int(share)))
  }
}
