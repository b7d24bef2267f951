public import DecodingPolicies
public import Infilling

/// One attempt at a passage: a request to the engine and all of its replies.
public struct Candidate: Sendable, Equatable, Identifiable {
  /// The state of the engine's work on it, and its steps.
  public internal(set) var run: Run
  public internal(set) var request: InfillRequest
  /// How a candidate that continues this one is denoised.
  public internal(set) var next: DecodingConfiguration
  /// The instruction of such a candidate; nil for none.
  public internal(set) var nextInstruction: String?
  /// A label for the list of candidates: `round 2`, an instruction.
  public internal(set) var label: String?
  /// How well its last step reads, where the engine was asked.
  public internal(set) var score: CandidateScore?
  /// Step on the screen, 0...lastStep.
  public internal(set) var shownStep = 0

  init(_ run: Run, _ request: InfillRequest) {
    self.run = run
    self.request = request
    next = request.settings
    nextInstruction = request.instruction
  }

  /// A candidate that the engine has been asked for.
  init(opening id: RunID, _ request: InfillRequest) {
    self.init(Run(id), request)
    run.open()
  }

  /// A candidate of one canvas, which the engine has not been asked about. It has ended where no
  /// mask is left.
  init(_ id: RunID, _ request: InfillRequest, cells: [InfillCell]) {
    self.init(Run(id, canvas: cells), request)
    self.request.canvas = cells
  }

  /// What events and effects call its run.
  public var id: RunID { run.id }

  public var state: Run.State { run.state }

  /// nil until the engine has made its canvas.
  public var trajectory: Trajectory? { run.trajectory }

  public var seed: UInt64 { request.settings.seed }

  /// The canvas as shown; nil for one of masks that the engine has not made yet.
  var cells: [InfillCell]? { trajectory?.cells(at: shownStep) ?? request.canvas }

  /// The passage as the last recorded step left it; nil before there is any.
  var lastCells: [InfillCell]? { trajectory?.cells(at: lastStep) }

  /// Number of the last recorded step.
  public var lastStep: Int { run.lastStep }

  /// Steps to expect: the engine's plan as long as it keeps to it, else what the settings ask for.
  /// nil where nobody knows, as of a search or with a threshold.
  public var plannedSteps: Int? {
    if state == .ended { return lastStep }
    guard let steps = trajectory?.steps, let first = steps.first, first.search == nil else {
      return nil
    }
    var planned = first.plannedSteps
    if planned == nil, case .steps(let count, _) = request.settings.unmasking { planned = count }
    guard let planned, planned >= lastStep,
      steps.allSatisfy({ $0.plannedSteps == first.plannedSteps })
    else { return nil }
    return planned
  }
}
