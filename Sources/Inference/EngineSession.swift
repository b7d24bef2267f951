internal import Denoising
internal import Infilling
internal import Transformers

/// One passage being filled, inside the engine.
protocol PassageSession {
  /// A notice to the user about the session; nil without one.
  var notice: String? { get }
  var cells: [InfillCell] { get }
  /// Whether its steps can be made together with those of other sessions.
  var isBatchable: Bool { get }

  /// Encodes the next part of the text around the passage, which later sessions reuse; false once
  /// all is encoded.
  func readAhead() throws -> Bool

  /// The next step; nil after the last. After an error no step was made.
  mutating func next() throws -> InfillStep?
}

/// A passage whose masks are filled, or that is written from the left.
struct EngineSession: PassageSession {
  let notice: String?
  private let text: CellText
  private let passage: PassageText
  private let parts: [PassageParts.Part]
  private let begin: (PartRequest) throws -> SessionRun
  private let windows: PassageText.Window
  private var run: SessionRun
  /// Index of the part being filled, and the slots of those before it.
  private var part = 0
  private var done: [Canvas.Slot] = []
  private var stepCount = 0
  private var forwardPasses = 0

  /// A part of a passage with the text around it.
  struct PartRequest {
    var prefix: [Int]
    var suffix: [Int]
    var part: PassageParts.Part
  }

  /// - Parameter begin: the run that fills a part.
  init(
    _ passage: PassageText, _ text: CellText, _ parts: PassageParts, windows: PassageText.Window,
    begin: @escaping (PartRequest) throws -> SessionRun
  ) throws {
    self.passage = passage
    self.text = text
    self.parts = parts.parts
    self.windows = windows
    self.begin = begin
    notice =
      parts.parts.count == 1
      ? nil
      : """
      Filled in \(parts.parts.count) parts, each with \(windows.prefix) tokens of text before it and \
      \(windows.suffix) after it
      """
    run = try begin(
      Self.request(0, parts.parts, passage, windows, done: []))
  }

  private static func request(
    _ index: Int, _ parts: [PassageParts.Part], _ passage: PassageText,
    _ windows: PassageText.Window, done: [Canvas.Slot]
  ) -> PartRequest {
    var prefix = passage.prefix + Canvas(done).shownTokens
    var suffix = passage.suffix
    if index > 0 {
      // Cut at the same place as the next part, so that most of it is cached then.
      let surplus = max(0, prefix.count - windows.prefix)
      prefix.removeFirst((surplus + windows.step - 1) / windows.step * windows.step)
    }
    if index + 1 < parts.count {
      suffix = passage.original[parts[index].original.upperBound...] + suffix
      suffix = Array(suffix.prefix(windows.suffix))
    }
    return PartRequest(prefix: prefix, suffix: suffix, part: parts[index])
  }

  /// The whole passage: parts that are filled, the one that is being filled, masks.
  private var canvas: Canvas {
    if parts.count == 1 { return run.canvas }
    return Canvas(done + run.canvas.slots + parts[(part + 1)...].flatMap(\.canvas.slots))
  }

  var cells: [InfillCell] { text.cells(canvas) }

  var isBatchable: Bool {
    if case .hole = run { true } else { false }
  }

  func readAhead() throws -> Bool {
    if case .hole(let denoiser) = run { try denoiser.predictor.encodeNextContext() } else { false }
  }

  /// Continues with the next part when one is done.
  private mutating func turn() throws {
    while run.isDone, part + 1 < parts.count {
      let filled = done + run.canvas.slots
      run = try begin(Self.request(part + 1, parts, passage, windows, done: filled))
      done = filled
      part += 1
    }
  }

  mutating func next() throws -> InfillStep? {
    try turn()
    guard let step = try run.next() else { return nil }
    return infillStep(step)
  }

  /// The next step of each of several batchable sessions, made together; nil after its last. After
  /// an error no step was made.
  static func next(_ sessions: inout [EngineSession]) throws -> [InfillStep?] {
    var denoisers: [Denoiser<HolePredictor>] = []
    denoisers.reserveCapacity(sessions.count)
    for index in sessions.indices {
      try sessions[index].turn()
      guard case .hole(let denoiser) = sessions[index].run else {
        preconditionFailure("session \(index) makes its steps alone")
      }
      denoisers.append(denoiser)
    }
    let steps = try Denoiser.next(&denoisers)
    return sessions.indices.map { index in
      sessions[index].run = .hole(denoisers[index])
      return steps[index].map { sessions[index].infillStep($0) }
    }
  }

  private mutating func infillStep(_ step: Step) -> InfillStep {
    stepCount += 1
    forwardPasses += step.forwardPasses
    let planned = step.plannedSteps.map {
      stepCount - step.index + $0 + (parts.count - part - 1) * $0
    }
    return InfillStep(
      index: stepCount, cells: cells,
      changed: done.isEmpty ? step.changed : step.changed.map { done.count + $0 },
      plannedSteps: planned, milliseconds: step.milliseconds, forwardPasses: forwardPasses,
      isLast: step.isLast && !parts[(part + 1)...].contains { !$0.canvas.isFilled })
  }
}

/// The source of a session's steps.
enum SessionRun {
  case hole(Denoiser<HolePredictor>)
  case sequence(Denoiser<SequencePredictor>)
  case written(WrittenPassage)

  var canvas: Canvas {
    switch self {
    case .hole(let run): run.canvas
    case .sequence(let run): run.canvas
    case .written(let run): run.canvas
    }
  }

  /// Whether the canvas shows that no step is left.
  var isDone: Bool { canvas.isFilled }

  /// After an error the run is as it was.
  mutating func next() throws -> Step? {
    // Taken out while it is changed, or else its canvas were copied.
    switch consume self {
    case .hole(var run):
      defer { self = .hole(run) }
      return try run.next()
    case .sequence(var run):
      defer { self = .sequence(run) }
      return try run.next()
    case .written(let before):
      self = .written(before)
      var run = before
      let step = try run.next()
      self = .written(run)
      return step
    }
  }
}

extension InfillRequest {
  /// Whether the passage is part of a line and is filled without line breaks.
  var staysWithinLine: Bool {
    !original.isEmpty && !original.contains(where: \.isNewline)
  }
}
