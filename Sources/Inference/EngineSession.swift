internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Transformers

/// One passage being filled, inside the engine.
protocol PassageSession {
  /// A notice to the user about the session; nil without one.
  var notice: String? { get }
  var cells: [InfillCell] { get }
  /// Encodes the next part of the text around the passage, which later sessions reuse; false once
  /// all is encoded.
  func readAhead() throws -> Bool

  /// The next step; nil after the last. After an error no step was made.
  mutating func next() throws -> InfillStep?
}

/// What fills one part of a passage, step by step. After an error it is as it was.
protocol PassageRun {
  var canvas: Canvas { get }

  /// Encodes the next part of the text around the canvas, where it is kept for runs to come; false
  /// once there is none.
  func readAhead() throws -> Bool

  mutating func next() throws -> Step?
}

/// A passage whose parts are filled one after the other, each by its own run.
struct EngineSession<Run: PassageRun>: PassageSession {
  let notice: String?
  private let setup: PassageSetup
  private let begin: (PassageParts.Request) throws -> Run
  private var run: Run
  /// Index of the part being filled, and the slots of those before it.
  private var part = 0
  private var done: [Canvas.Slot] = []
  private var stepCount = 0
  private var forwardPasses = 0
  private(set) var cells: [InfillCell] = []

  /// - Parameter begin: the run that fills a part.
  init(_ setup: PassageSetup, begin: @escaping (PassageParts.Request) throws -> Run) throws {
    self.setup = setup
    self.begin = begin
    notice =
      setup.parts.count == 1
      ? nil
      : """
      Filled in \(setup.parts.count) parts, each with \(setup.windows.prefix) tokens of text before \
      it and \(setup.windows.suffix) after it
      """
    run = try begin(setup.request(0, done: []))
    cells = setup.text.cells(canvas)
  }

  /// The whole passage: parts that are filled, the one that is being filled, masks.
  private var canvas: Canvas {
    if setup.parts.count == 1 { return run.canvas }
    return Canvas(done + run.canvas.slots + setup.parts[(part + 1)...].flatMap(\.canvas.slots))
  }

  func readAhead() throws -> Bool { try run.readAhead() }

  /// Continues with the next part when one is done.
  private mutating func turn() throws {
    while run.canvas.isFilled, part + 1 < setup.parts.count {
      let filled = done + run.canvas.slots
      run = try begin(setup.request(part + 1, done: filled))
      done = filled
      part += 1
    }
  }

  mutating func next() throws -> InfillStep? {
    try turn()
    guard let step = try run.next() else { return nil }
    return infillStep(step)
  }

  private mutating func infillStep(_ step: Step) -> InfillStep {
    stepCount += 1
    forwardPasses += step.forwardPasses
    let planned = step.plannedSteps.map {
      stepCount - step.index + $0 + (setup.parts.count - part - 1) * $0
    }
    let before = cells
    cells = setup.text.cells(canvas)
    return InfillStep(
      index: stepCount, cells: cells,
      changed: done.isEmpty ? step.changed : step.changed.map { done.count + $0 },
      delta: CanvasDelta(from: before, to: cells),
      plannedSteps: planned, milliseconds: step.milliseconds, forwardPasses: forwardPasses,
      isLast: step.isLast && !setup.parts[(part + 1)...].contains { !$0.canvas.isFilled })
  }
}

/// A session whose steps can be made together with those of others of its kind.
protocol SharedStepSession: PassageSession {
  /// Whether that holds for the next step.
  var sharesNextStep: Bool { get }

  /// The next step of each of several sessions, made together; nil after its last. After an error
  /// that is thrown no step was made.
  ///
  /// - Precondition: each shares its next step.
  static func next(_ sessions: inout [Self]) throws -> [Result<InfillStep?, any Error>]
}

/// A passage whose masks an adapter fills.
typealias BatchableSession = EngineSession<Denoiser<AdapterPredictor>>

extension BatchableSession: SharedStepSession {
  var sharesNextStep: Bool { true }

  static func next(_ sessions: inout [BatchableSession]) throws -> [Result<InfillStep?, any Error>]
  {
    var denoisers: [Denoiser<AdapterPredictor>] = []
    denoisers.reserveCapacity(sessions.count)
    for index in sessions.indices {
      try sessions[index].turn()
      denoisers.append(sessions[index].run)
    }
    let steps = try Denoiser.next(&denoisers)
    return sessions.indices.map { index in
      sessions[index].run = denoisers[index]
      return .success(steps[index].map { sessions[index].infillStep($0) })
    }
  }
}

/// A predictor of the masks of a passage.
protocol PassagePredictor: MaskPredictor {
  /// Encodes the next part of the text around the canvas, where it is kept; false once there is none.
  func encodeNextContext() throws -> Bool
}

extension AdapterPredictor: PassagePredictor {}

extension DiffusionPredictor: PassagePredictor {
  /// The text around a canvas is run with it.
  func encodeNextContext() throws -> Bool { false }
}

extension Denoiser: PassageRun where Predictor: PassagePredictor {
  init(_ predictor: Predictor, _ request: PassageParts.Request, _ policy: DenoisingPolicy) {
    let watch = Stopwatch()
    self.init(
      predictor, canvas: request.part.canvas, policy: policy,
      left: Array(request.prefix.suffix(64)), right: Array(request.suffix.prefix(64)),
      now: { watch.milliseconds })
  }

  func readAhead() throws -> Bool { try predictor.encodeNextContext() }
}
