/// Which of the open slots a step fills.
public enum RevealPolicy: Sendable, Equatable {
  /// A fixed number of steps, surest slots first.
  case steps(Int, Schedule)
  /// Every slot at least this sure, and always `always`.
  case threshold(Double, always: Guarantee)
  /// Parallel decoding by a factor (Fast-dLLM): with confidences in falling order, as many slots n
  /// as satisfy conf(n) ≥ 1 − factor / (n + 1), counted over all ranks; the surest always.
  case factor(Double)
  /// The surest slots while their entropies sum to at most this many nats; the surest always.
  case entropyBudget(Double)

  /// The slot that is filled even where nothing is sure, so that every step makes progress.
  public enum Guarantee: Sendable, Equatable {
    /// The leftmost open slot: what stands left of it is settled, so it is predicted best.
    case frontier
    /// The surest slot.
    case best
  }

  /// Steps foreseen, or nil where confidence decides.
  public var plannedSteps: Int? {
    if case .steps(let count, _) = self { max(1, count) } else { nil }
  }

  /// Slots to fill in step `step` (0-based), out of `ranked` (surest first, with scores); in the
  /// order of `ranked`, a guaranteed slot first. Not empty unless `ranked` is. O(slots).
  func select(_ ranked: [Ranked], step: Int) -> [SlotPrediction] {
    guard let best = ranked.first?.prediction else { return [] }
    switch self {
    case .steps(let steps, let schedule):
      let steps = max(1, steps)
      let count = schedule.count(left: ranked.count, step: min(step, steps - 1), of: steps)
      return ranked.prefix(count).map(\.prediction)
    case .threshold(let threshold, let always):
      let forced =
        always == .best ? best.slot : ranked.map(\.prediction.slot).min() ?? best.slot
      let sure = ranked.filter { Double($0.score) >= threshold || $0.prediction.slot == forced }
        .map(\.prediction)
      return sure.filter { $0.slot == forced } + sure.filter { $0.slot != forced }
    case .factor(let factor):
      let count = ranked.indices.count {
        $0 == 0 || Double(ranked[$0].score) >= 1 - factor / Double($0 + 2)
      }
      return ranked.prefix(count).map(\.prediction)
    case .entropyBudget(let budget):
      var spent = 0.0
      var count = 0
      for entry in ranked {
        spent += Double(entry.prediction.entropy)
        guard count == 0 || spent <= budget else { break }
        count += 1
      }
      return ranked.prefix(count).map(\.prediction)
    }
  }
}
