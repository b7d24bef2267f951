internal import Decoding
public import Infilling
internal import Transformers

/// A loaded model and its sessions, on its own thread.
///
/// Sessions take turns step by step: each call of `next` is one job of the thread. Cancelling the
/// task that asked ends the step between two layers; the session is then as before the step. A step
/// that several sessions share is cancelled once no task waits for any of them.
public actor Engine {
  private let thread = EngineThread()
  private let source: ModelSource
  private let onProgress: @Sendable (Double) -> Void
  private var model: (any InfillModel)?
  private var loading: Task<ModelSummary, any Error>?
  private var sessions: [Int: any PassageSession] = [:]
  /// For sessions begun together, all of these.
  private var groups: [Int: [Int]] = [:]
  /// Steps made together with those of another session, not requested yet.
  private var waiting: [Int: InfillStep] = [:]
  private var lastSession = 0
  private let callers = StepCallers()

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// An engine that loads nothing yet. `onProgress` is called from the engine's thread with the
  /// share of the loading that is done, 0...1.
  public init(
    _ source: ModelSource,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
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
    let loaded = try source.infillModel { onProgress($0) }
    model = loaded
    return loaded.summary
  }

  /// A session's number, and the notice to show before its first step.
  struct OpenedSession {
    var id: Int
    var canvas: [InfillCell]
    var notice: String?
  }

  /// Opens sessions whose steps are made together if the model supports it. Runs no forward pass.
  func begin(_ requests: [InfillRequest]) async throws -> [OpenedSession] {
    _ = try await prepare()
    guard let model else { preconditionFailure("prepared, and no model") }
    let opened = try requests.map { request in
      lastSession += 1
      return (id: lastSession, session: try model.session(request))
    }
    let group = opened.filter { $0.session is BatchableSession }.map(\.id)
    for (id, session) in opened {
      sessions[id] = session
      groups[id] = session is BatchableSession ? group : [id]
    }
    return opened.map { id, session in
      OpenedSession(id: id, canvas: session.cells, notice: session.notice)
    }
  }

  /// Encodes the text around a passage, unless no model is loaded. Steps of sessions are made in
  /// between: one part of the text is one job of the thread.
  func readAhead(_ request: InfillRequest) async throws {
    guard let model else { return }
    try Task.checkCancellation()
    let session = try model.session(request)
    while try session.readAhead() {
      await Task.yield()
      try Task.checkCancellation()
    }
  }

  /// The next step of a session, or nil after its last. Sessions of its group without a waiting
  /// step make one, too.
  nonisolated func next(_ id: Int) async throws -> InfillStep? {
    try await callers.call(id) { try await step(id) }
  }

  private func step(_ id: Int) throws -> InfillStep? {
    try Task.checkCancellation()
    guard sessions[id] != nil, let group = groups[id] else {
      preconditionFailure("session \(id) is closed")
    }
    if let step = waiting.removeValue(forKey: id) { return step }
    let others = group.filter { $0 != id && waiting[$0] == nil }
    if others.isEmpty {
      // Taken out while it is changed, or else its canvas were copied.
      var session = sessions.removeValue(forKey: id)
      defer { sessions[id] = session }
      return try session?.next()
    }
    let members = [id] + others
    var stepped = members.compactMap { sessions[$0] as? BatchableSession }
    let steps = try callers.sharing(members) { try BatchableSession.next(&stepped) }
    for (index, member) in members.enumerated() {
      sessions[member] = stepped[index]
      waiting[member] = steps[index]
    }
    // A caller that was cancelled finds the step when it asks again.
    try Task.checkCancellation()
    return waiting.removeValue(forKey: id)
  }

  func close(_ id: Int) {
    for member in groups[id] ?? [] { groups[member]?.removeAll { $0 == id } }
    groups[id] = nil
    sessions[id] = nil
    waiting[id] = nil
  }

  /// Scores of `texts` in place of a request's passage.
  func scores(of texts: [String], for request: InfillRequest) async throws -> [CandidateScore] {
    _ = try await prepare()
    guard let model else { preconditionFailure("prepared, and no model") }
    return try model.scores(of: texts, for: request)
  }

  /// Scores of the words of a text. Steps of sessions run in between: one batch of words is one job
  /// of the thread.
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
