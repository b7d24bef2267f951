internal import DecodingPolicies
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
    /// The cells that the step may have changed.
    public let delta: CanvasDelta
    /// Those cells after the step, in the order of `delta.slots`.
    let cells: [InfillCell]
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

  /// Records what an engine sent: the cells that its delta names, or all of them. O(cells).
  public mutating func append(_ step: InfillStep) {
    if step.masksLeft > steps.last?.masksLeft ?? .max { masksOnlyFall = false }
    let changed = step.changed.filter { step.cells.indices.contains($0) }
    let reported = step.delta.flatMap { $0.fits(last.count, step.cells.count) ? $0 : nil }
    let delta = reported ?? CanvasDelta(replacing: last.count, with: step.cells.count)
    steps.append(
      Step(
        changed: changed,
        milliseconds: step.milliseconds, forwardPasses: step.forwardPasses,
        plannedSteps: step.plannedSteps, masksLeft: step.masksLeft, search: step.search,
        filled: changed.count { step.cells[$0].state != .open },
        delta: delta, cells: delta.slots.map { step.cells[$0] }))
    last = step.cells
  }

  /// The canvas after `step`. Traps unless 0 <= step <= end. O(cells + changes up to the step).
  public func cells(at step: Int) -> [InfillCell] {
    precondition(step >= 0 && step <= end, "step \(step) of \(end)")
    if step == end { return last }
    var cells = canvas
    for recorded in steps[..<step] { recorded.delta.apply(recorded.cells, to: &cells) }
    return cells
  }
}
