internal import Denoising
public import Infilling
internal import Transformers

/// A loaded model and the sessions on it, on a thread of its own.
///
/// Sessions take turns step by step: each call of `next` is one job of the thread. Cancelling the
/// task that asked ends the step between two layers; the session is then as before the step.
public actor Engine {
  private let thread = EngineThread()
  private let source: ModelSource
  private let onProgress: @Sendable (Double) -> Void
  private var model: LoadedFiller?
  private var loading: Task<ModelSummary, any Error>?
  private var sessions: [Int: EngineSession] = [:]
  private var lastSession = 0

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// An engine that loads nothing yet. `onProgress` is called from the engine's thread with the
  /// share of the loading that is done, 0...1.
  public init(_ source: ModelSource, onProgress: @escaping @Sendable (Double) -> Void = { _ in }) {
    self.source = source
    self.onProgress = onProgress
  }

  /// Loads the model unless it is loaded. A caller that gives up does not end the loading, which
  /// others may wait for; a loading that failed is tried again by the next call.
  public func prepare() async throws -> ModelSummary {
    if let model { return model.summary }
    let task = loading ?? Task { try self.load() }
    loading = task
    do {
      return try await task.value
    } catch {
      if loading == task { loading = nil }
      throw error
    }
  }

  private func load() throws -> ModelSummary {
    let loaded = try LoadedFiller(source) { onProgress($0) }
    model = loaded
    return loaded.summary
  }

  /// Opens a session: its number and its bare canvas. Runs no forward pass.
  func begin(_ request: InfillRequest) async throws -> (id: Int, canvas: [InfillCell]) {
    _ = try await prepare()
    guard let model else { preconditionFailure("prepared, and no model") }
    let session = try model.session(request)
    lastSession += 1
    sessions[lastSession] = session
    return (lastSession, session.cells)
  }

  /// The next step of a session, or nil after its last.
  func next(_ id: Int) throws -> InfillStep? {
    try Task.checkCancellation()
    guard var session = sessions[id] else { preconditionFailure("session \(id) is closed") }
    let step = try session.next()
    sessions[id] = session
    return step
  }

  func close(_ id: Int) { sessions[id] = nil }

  /// Scores of `texts` in the place of a request's passage.
  func scores(of texts: [String], for request: InfillRequest) async throws -> [CandidateScore] {
    _ = try await prepare()
    guard let model else { preconditionFailure("prepared, and no model") }
    return try model.scores(of: texts, for: request)
  }

  /// Doubts about the words of a text. Steps of sessions are made in between: one batch of words is
  /// one job of the thread.
  func doubts(about request: DoubtRequest) async throws -> DoubtReport {
    _ = try await prepare()
    guard let model else { preconditionFailure("prepared, and no model") }
    let clock = ContinuousClock()
    var run = try model.doubtRun(request)
    var time = Duration.zero
    var goesOn = true
    while goesOn {
      try Task.checkCancellation()
      time += try clock.measure { goesOn = try run.advance() }
      await Task.yield()
    }
    return DoubtReport(
      doubts: run.doubts, forwardPasses: run.cost.forwardPasses, tokens: run.cost.tokens,
      milliseconds: time / .milliseconds(1))
  }
}
