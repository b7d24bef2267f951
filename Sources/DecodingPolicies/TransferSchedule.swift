/// How many masks each of a planned number of steps fills, as published samplers count. Steps and
/// masks are those of one block where blocks are filled in turn.
public enum TransferSchedule: Sendable, Equatable {
  /// Equal shares; the first steps take one more where they do not divide, later ones may take none
  /// (`get_num_transfer_tokens` of LLaDA).
  case even
  /// The same counted over this many slots, however many of them are masks (SDAR, LLaDA2).
  case evenOf(Int)
  /// At each step the schedule's share of what is left, rounded, halves to even; steps that would
  /// fill nothing are left out. In fp32, which decides halves (dllm's `get_num_transfer_tokens`).
  case rounded(Schedule)
  /// The share 1 − s/t of what is left, cut to an integer, for times from 1 down to `epsilon` in
  /// equal steps; the last step takes all. In fp32, as Dream computes it.
  case truncated(epsilon: Float)
  /// The same number at each step.
  case constant(Int)

  /// Masks that step `step` (0-based) of `steps` fills where the block began with `first` masks and
  /// has `left` of them still; all of them once the steps are used up. O(1), `rounded` O(steps).
  public func count(step: Int, of steps: Int, first: Int, left: Int) -> Int {
    precondition(step >= 0 && left >= 0, "step \(step), \(left) masks left")
    if case .constant(let count) = self { return min(left, max(1, count)) }
    guard step < steps else { return left }
    switch self {
    case .even: return min(left, Self.share(first, step, steps))
    case .evenOf(let slots): return min(left, Self.share(slots, step, steps))
    case .rounded(let schedule):
      let table = Self.table(schedule, masks: first, steps: steps)
      return step < table.count ? min(left, table[step]) : left
    case .truncated(let epsilon):
      guard step + 1 < steps else { return left }
      let (t, s) = (Self.time(step, steps, epsilon), Self.time(step + 1, steps, epsilon))
      return Int(Float(left) * (1 - s / t))
    case .constant: return left
    }
  }

  private static func share(_ masks: Int, _ step: Int, _ steps: Int) -> Int {
    masks / steps + (step < masks % steps ? 1 : 0)
  }

  private static func table(_ schedule: Schedule, masks: Int, steps: Int) -> [Int] {
    var left = masks
    var table: [Int] = []
    for step in 0..<steps where left > 0 {
      let keep = masked(schedule, step + 1, steps) / masked(schedule, step, steps)
      let count = min(left, Int((Double(left) * Double(1 - keep)).rounded(.toNearestOrEven)))
      if count > 0 { table.append(count) }
      left -= count
    }
    return table
  }

  /// The share of masks before a step, as one less the share shown.
  private static func masked(_ schedule: Schedule, _ step: Int, _ steps: Int) -> Float {
    let shown: Float =
      switch schedule {
      case .linear: 1 - Float(Double(steps - step) / Double(steps))
      case .cosine: 1 - Float(schedule.maskedShare(step, of: steps))
      }
    return 1 - shown
  }

  /// Point `index` of the line from 1 to `end` in `steps` equal parts, computed from its nearer end.
  package static func time(_ index: Int, _ steps: Int, _ end: Float) -> Float {
    let part = (end - 1) / Float(steps)
    return index < (steps + 1) / 2 ? 1 + part * Float(index) : end - part * Float(steps - index)
  }
}
