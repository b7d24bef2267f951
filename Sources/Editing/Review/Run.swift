internal import Infilling

/// One run of the engine and the steps it has made. Its state changes by the methods below alone,
/// for a candidate of a passage and a lane of a race alike.
public struct Run: Sendable, Equatable, Identifiable {
  public enum State: Sendable, Equatable {
    /// The engine has not been asked for it.
    case idle
    /// The engine has not made its canvas yet.
    case opening
    /// Steps follow one another. `owesStep`: the next one was asked for.
    case running(owesStep: Bool)
    /// No further step is asked for. The engine keeps the session.
    case paused(Owed)
    /// The engine has no session of it, though steps may be left: a new run has to continue.
    case dropped
    /// No step is left.
    case ended
    /// One line for the reader. The run can only be left, repeated or rejected.
    case failed(String)
  }

  /// The step that a paused run still waits for.
  public enum Owed: Sendable, Equatable {
    case nothing
    /// It is recorded when it comes.
    case step
    /// It is recorded and shown when it comes.
    case shownStep
  }

  /// What the engine is to do because of a change.
  enum Action: Sendable, Equatable {
    case step
    /// The session is kept.
    case interrupt
    case drop
  }

  public let id: RunID
  public private(set) var state = State.idle
  /// nil until the engine has made its canvas.
  public private(set) var trajectory: Trajectory?

  init(_ id: RunID) { self.id = id }

  /// A canvas that the engine knows nothing of. It has ended where no mask is left.
  init(_ id: RunID, canvas: [InfillCell]) {
    self.id = id
    trajectory = Trajectory(canvas: canvas)
    state = canvas.contains { $0.state == .open } ? .dropped : .ended
  }

  /// Recorded steps. `isUnderWay` makes it look like a run in progress.
  init(_ id: RunID, recorded: Trajectory, isUnderWay: Bool = false) {
    self.id = id
    trajectory = recorded
    state = isUnderWay ? .running(owesStep: true) : .ended
  }

  /// Number of the last recorded step.
  public var lastStep: Int { trajectory?.end ?? 0 }
}

// MARK: - What the engine replies

extension Run {
  /// Takes a reply in. A reply that does not fit the state is late and changes nothing: nil.
  mutating func handle(_ reply: RunReply) -> [Action]? {
    switch (reply, state) {
    case (.began(let canvas, _, _), .opening):
      trajectory = Trajectory(canvas: canvas)
      state = .running(owesStep: false)
    case (.step(let step), .running), (.step(let step), .paused):
      trajectory?.append(step)
      if step.isLast {
        state = .ended
        return [.drop]
      }
      state = state.isRunning ? .running(owesStep: false) : .paused(.nothing)
    case (.ended, .opening), (.ended, .running), (.ended, .paused): state = .ended
    case (.failed(let reason), .opening), (.failed(let reason), .running),
      (.failed(let reason), .paused):
      state = .failed(reason)
    default: return nil
    }
    return []
  }
}

// MARK: - What a person or the editor does

extension Run {
  /// The engine is asked for it. Traps unless it is idle.
  mutating func open() {
    precondition(state == .idle, "run \(id) was asked for before")
    state = .opening
  }

  /// Asks for the next step of a running run, unless it was asked for.
  mutating func requestStep() -> [Action] {
    guard state == .running(owesStep: false) else { return [] }
    state = .running(owesStep: true)
    return [.step]
  }

  /// Asks for one step of a paused run, which is shown when it comes.
  mutating func requestShownStep() -> [Action] {
    guard case .paused(let owed) = state else { return [] }
    state = .paused(.shownStep)
    return owed == .nothing ? [.step] : []
  }

  /// Asks for no further step of a running run. A step under way is recorded.
  mutating func pause() {
    guard case .running(let owesStep) = state else { return }
    state = .paused(owesStep ? .step : .nothing)
  }

  /// Resumes a paused run.
  mutating func resume() -> [Action] {
    guard case .paused(let owed) = state else { return [] }
    state = .running(owesStep: owed != .nothing)
    return requestStep()
  }

  /// Stops the engine's work at once. The session is kept if there is one yet.
  mutating func stop() -> [Action] {
    switch state {
    case .opening:
      state = .dropped
      return [.drop]
    case .running:
      state = .paused(.nothing)
      return [.interrupt]
    case .idle, .paused, .dropped, .ended, .failed: return []
    }
  }

  /// Gives the session up. What was recorded stays.
  mutating func drop() -> [Action] {
    switch state {
    case .opening, .running, .paused:
      state = .dropped
      return [.drop]
    case .idle, .dropped, .ended, .failed: return []
    }
  }

  /// Puts other cells in the place of the canvas of a run without steps.
  mutating func replaceCanvas(_ canvas: [InfillCell]) {
    precondition(lastStep == 0, "run \(id) has steps")
    trajectory = Trajectory(canvas: canvas)
  }
}

extension Run.Action {
  /// As an effect; a step is asked for after a wait.
  func effect(on id: RunID, afterMilliseconds wait: Int = 0) -> Effect {
    switch self {
    case .step: .stepRun(id, afterMilliseconds: wait)
    case .interrupt: .cancelRun(id, dropping: false)
    case .drop: .cancelRun(id, dropping: true)
    }
  }
}

extension Run.State {
  public var isRunning: Bool { if case .running = self { true } else { false } }

  /// Steps may be left, and none is asked for.
  public var isPaused: Bool {
    switch self {
    case .paused, .dropped: true
    case .idle, .opening, .running, .ended, .failed: false
    }
  }

  /// The engine works on it.
  public var isUnderWay: Bool { self == .opening || isRunning }

  /// Nothing will come of it without being asked for.
  public var isOver: Bool {
    switch self {
    case .ended, .failed: true
    case .idle, .opening, .running, .paused, .dropped: false
    }
  }
}
