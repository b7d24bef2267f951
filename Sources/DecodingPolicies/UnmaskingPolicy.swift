/// Which of the masked slots a step fills.
public enum UnmaskingPolicy: Sendable, Equatable {
  /// A fixed number of steps, surest slots first.
  case steps(Int, Schedule)
  /// Every slot at least this sure, and always `always`.
  case threshold(Double, always: Guarantee = .frontier)
  /// Parallel decoding by a factor (Fast-dLLM): with confidences in falling order, as many slots n
  /// as satisfy conf(n) ≥ 1 − factor / (n + 1), counted over all ranks; the surest always.
  case factor(Double)
  /// The surest slots while their entropies sum to at most this many nats; the surest always.
  case entropyBudget(Double)
  /// As many of the surest slots as a published sampler fills at this step.
  case quota(TransferSchedule, steps: Int)
  /// All slots surer than the threshold where these are at least as many as the quota, else the
  /// quota's (SDAR's `low_confidence_dynamic`, LLaDA2).
  case sureOrQuota(TransferSchedule, steps: Int, threshold: Double)
  /// Equal shares, rounded down, of which only slots at least this sure are filled, the surest
  /// always; what a step leaves out is added to the next one's share (`confidence_threshold` of
  /// Fast-dLLM for Dream).
  case sureWithinQuota(steps: Int, threshold: Double)
  /// Each slot by chance, alone, with the probability of the reverse process; shown tokens may
  /// become masks again (ReMDM). The last step fills all.
  case ancestral(steps: Int, Remasking)
  /// Each slot by chance, alone, with probability 1 − s/t for times from 1 down to `epsilon` in
  /// equal steps (`origin` of Dream). The last step fills all.
  case independent(steps: Int, epsilon: Float)
  /// As many steps as fit into this many milliseconds at the mean pace of the steps so far: equal
  /// shares of what is left, surest slots first; one slot before the pace is known.
  case budget(milliseconds: Double)

  /// The slot that is filled even where nothing is sure, so that every step makes progress.
  public enum Guarantee: Sendable, Equatable {
    /// The leftmost masked slot: all before it is committed, so it is predicted best.
    case frontier
    /// The surest slot.
    case best
  }

  /// Steps foreseen for a block, or nil where confidence decides.
  public var plannedSteps: Int? {
    switch self {
    case .steps(let count, _), .ancestral(let count, _), .independent(let count, _):
      max(1, count)
    case .quota(.constant, _): nil
    case .quota(_, let steps): max(1, steps)
    default: nil
    }
  }

  /// Whether tokens that are shown may become masks again.
  public var remasks: Bool {
    if case .ancestral(_, let remasking) = self { remasking != .never } else { false }
  }

  /// Whether slots are filled by chance and not by how sure they are.
  public var isRandom: Bool {
    switch self {
    case .ancestral, .independent: true
    default: false
    }
  }

  /// Whether a confidence is compared with a bound between 0 and 1.
  public var hasThreshold: Bool {
    switch self {
    case .threshold, .factor, .sureOrQuota, .sureWithinQuota: true
    default: false
    }
  }

  /// Whether it says how much work a passage is worth, in steps, as a level or in time, which a
  /// search understands as well.
  public var isEffort: Bool {
    switch self {
    case .steps, .threshold(_, .frontier), .budget: true
    default: false
    }
  }
}
