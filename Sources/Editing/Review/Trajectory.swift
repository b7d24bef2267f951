public import Infilling

/// Everything one run of the engine did to a passage, kept as deltas: any step can be rebuilt
/// without the engine.
///
/// Step 0 is the bare canvas; step i is the canvas after the i-th denoising step.
public struct Trajectory: Sendable, Equatable {
  /// What one step changed and what it cost.
  public struct Step: Sendable, Equatable {
    /// Slots of the canvas after this step that the engine changed in it.
    public let changed: [Int]
    public let milliseconds: Double
    /// Forward passes since the run began, this step included.
    public let forwardPasses: Int
    public let plannedSteps: Int?
    public let masksLeft: Int
    /// How the search stood; nil where nothing was searched for.
    public let search: SearchProgress?
    /// Slots that the step changed and that are no masks any more.
    let filled: Int
    let delta: Delta
  }

  /// Slots `range` of the canvas before the step became `cells`; besides, the slots listed in
  /// `replaced` (numbered as after the splice) got new contents.
  struct Delta: Sendable, Equatable {
    var range: Range<Int>
    var cells: [InfillCell]
    var replaced: [(slot: Int, cell: InfillCell)]

    static func == (a: Delta, b: Delta) -> Bool {
      a.range == b.range && a.cells == b.cells
        && a.replaced.elementsEqual(b.replaced) { $0.slot == $1.slot && $0.cell == $1.cell }
    }
  }

  /// The canvas before the first step.
  public let canvas: [InfillCell]
  public private(set) var steps: [Step] = []
  /// No step has left more masks than the one before.
  public private(set) var masksOnlyFall = true
  /// Canvas after the last recorded step, so that recording costs O(cells).
  private var last: [InfillCell]

  public init(canvas: [InfillCell]) {
    self.canvas = canvas
    last = canvas
  }

  /// Number of the last recorded step.
  public var end: Int { steps.count }

  /// Time of all steps.
  public var totalMilliseconds: Double { steps.reduce(0) { $0 + $1.milliseconds } }

  /// Whether the run is a search among drafts; false before its first step.
  public var isSearch: Bool { steps.last?.search != nil }

  /// Time of the first `count` steps. O(count).
  public func milliseconds(ofFirst count: Int) -> Double {
    steps.prefix(count).reduce(0) { $0 + $1.milliseconds }
  }

  /// Masks that the last recorded step left.
  public var masksLeft: Int { last.count { $0.state == .open } }

  /// Mean time of a step; 0 before the first.
  public var meanMilliseconds: Double {
    steps.isEmpty ? 0 : totalMilliseconds / Double(steps.count)
  }

  /// Slots that the steps have filled, or closed, for each forward pass; nil before there was one.
  public var tokensPerPass: Double? {
    guard let end = steps.last, end.forwardPasses > 0 else { return nil }
    let filled = steps.reduce(0) { $0 + $1.filled }
    return Double(filled) / Double(end.forwardPasses)
  }

  /// Records what an engine sent. O(cells).
  public mutating func append(_ step: InfillStep) {
    if step.masksLeft > steps.last?.masksLeft ?? .max { masksOnlyFall = false }
    let changed = step.changed.filter { step.cells.indices.contains($0) }
    steps.append(
      Step(
        changed: changed,
        milliseconds: step.milliseconds, forwardPasses: step.forwardPasses,
        plannedSteps: step.plannedSteps, masksLeft: step.masksLeft, search: step.search,
        filled: changed.count { step.cells[$0].state != .open },
        delta: Self.delta(from: last, to: step.cells)))
    last = step.cells
  }

  /// The canvas after `step`. Traps unless 0 <= step <= end. O(cells + changes up to the step).
  public func cells(at step: Int) -> [InfillCell] {
    precondition(step >= 0 && step <= end, "step \(step) of \(end)")
    if step == end { return last }
    var cells = canvas
    for recorded in steps[..<step] {
      let delta = recorded.delta
      if !delta.range.isEmpty || !delta.cells.isEmpty {
        cells.replaceSubrange(delta.range, with: delta.cells)
      }
      for (slot, cell) in delta.replaced { cells[slot] = cell }
    }
    return cells
  }

  private static func delta(from old: [InfillCell], to new: [InfillCell]) -> Delta {
    var delta = Delta(range: 0..<0, cells: [], replaced: [])
    if old.count == new.count {
      for slot in new.indices where old[slot] != new[slot] {
        delta.replaced.append((slot, new[slot]))
      }
      return delta
    }
    let (head, tail) = old.commonEnds(with: new)
    delta.range = head..<(old.count - tail)
    delta.cells = Array(new[head..<(new.count - tail)])
    return delta
  }
}
