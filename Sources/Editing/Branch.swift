public import Infilling

/// One try at a passage: a request to the engine and all that came back.
public struct Branch: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Asked for; the engine has not answered yet.
    case masked
    case running
    case paused
    /// No step is left.
    case settled
    /// One line for the reader. The branch can only be left, repeated or rejected.
    case failed(String)
  }

  /// What events and effects call this run of the engine.
  public internal(set) var run: RunID
  public internal(set) var state: State
  public internal(set) var request: InfillRequest
  /// How a branch that goes on from this one is denoised.
  public internal(set) var next: InfillSettings
  /// What such a branch is told; nil for nothing.
  public internal(set) var nextInstruction: String?
  /// What is special about it, for the list of tries: `round 2`, an instruction.
  public internal(set) var remark: String?
  /// How well its last step reads, where the engine was asked.
  public internal(set) var score: CandidateScore?
  /// False while it only holds the place of what is to be asked.
  var wasAsked = true
  /// nil until the engine has made its canvas.
  public internal(set) var trajectory: Trajectory?
  /// Step on the screen, 0...trajectory.end.
  public internal(set) var shownStep = 0
  /// Recorded steps are being played back.
  public internal(set) var isPlaying = false
  /// The engine owes the answer to a `stepRun`.
  var awaitsStep = false
  /// The step that is awaited is shown although the branch is paused.
  var advancesOnce = false
  /// The engine still keeps the session, so that it can be asked for more.
  var hasSession = true

  init(run: RunID, request: InfillRequest, state: State = .masked) {
    self.run = run
    self.request = request
    self.state = state
    next = request.settings
    nextInstruction = request.instruction
  }

  /// A branch of one canvas, which the engine has not been asked about. Settled without masks.
  init(run: RunID, request: InfillRequest, cells: [InfillCell]) {
    let isOpen = cells.contains { $0.state == .open }
    self.init(run: run, request: request, state: isOpen ? .paused : .settled)
    self.request.canvas = cells
    trajectory = Trajectory(canvas: cells)
    hasSession = false
  }

  public var seed: UInt64 { request.settings.seed }

  /// The canvas as shown; nil for one of masks that the engine has not made yet.
  var cells: [InfillCell]? { trajectory?.cells(at: shownStep) ?? request.canvas }

  /// The passage as the last recorded step left it; nil before there is any.
  var lastCells: [InfillCell]? { trajectory?.cells(at: lastStep) }

  /// Nothing will come of it any more without being asked.
  var hasEnded: Bool {
    switch state {
    case .settled, .failed: true
    case .masked, .running, .paused: false
    }
  }

  /// Number of the last recorded step.
  public var lastStep: Int { trajectory?.end ?? 0 }

  /// Steps to expect: the engine's plan where it has one, else what the settings ask for; with a
  /// threshold, at most one for each mask. nil where nobody knows, as of a search.
  public var plannedSteps: Int? {
    if state == .settled { return lastStep }
    guard let trajectory, let last = trajectory.steps.last, last.search == nil else { return nil }
    if let planned = last.plannedSteps { return max(planned, lastStep) }
    switch request.settings.reveal {
    case .steps(let count, _): return max(count, lastStep)
    case .threshold: return lastStep + trajectory.masksLeft
    case .budget: return nil
    }
  }

  /// The engine has been told to forget the run.
  mutating func sessionIsGone() {
    hasSession = false
    awaitsStep = false
    advancesOnce = false
    isPlaying = false
    if state == .running || state == .masked { state = .paused }
  }
}
