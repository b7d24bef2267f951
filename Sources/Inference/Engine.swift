internal import Decoding
public import Infilling
internal import Transformers

/// A loaded model and its sessions, on its own thread.
///
/// Sessions take turns step by step: each call of `next` is one job of the thread. Sessions of one
/// kind whose next steps are asked for at the same time make them in one pass, also those of different
/// passages; each gets the step it would get alone. Cancelling the task that asked ends the step between
/// two layers; the session is then as before the step. A step that several sessions share is cancelled
/// once no task waits for any of them.
public actor Engine {
  private let thread = EngineThread()
  private let source: ModelSource
  private let onProgress: @Sendable (Double) -> Void
  let onPictures: @Sendable (PictureProgress) -> Void
  private var model: (any InfillModel)?
  private var loading: Task<ModelSummary, any Error>?
  private var sessions: [Int: any PassageSession] = [:]
  /// For sessions begun together, all of these.
  private var groups: [Int: [Int]] = [:]
  /// Steps made together with those of another session, not requested yet.
  private var waiting: [Int: InfillStep] = [:]
  private var lastSession = 0
  let callers = StepCallers()
  /// Steps made with those of a session that asked.
  private(set) var sharedSteps = 0

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// An engine that loads nothing yet. From the engine's thread, `onProgress` is called with the share
  /// of the loading that is done, 0...1, and `onPictures` while pictures are read.
  public init(
    _ source: ModelSource,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    onPictures: @escaping @Sendable (PictureProgress) -> Void = { _ in }
  ) {
    self.source = source
    self.onProgress = onProgress
    self.onPictures = onPictures
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

  /// The model, loaded if need be.
  func loaded() async throws -> any InfillModel {
    _ = try await prepare()
    guard let model else { preconditionFailure("prepared, and no model") }
    return model
  }

  /// A session's number, and what to show before its first step.
  struct OpenedSession {
    var id: Int
    var canvas: [InfillCell]
    var notice: String?
    var unread: [UnreadPicture]
  }

  /// Opens sessions whose steps are made together if the model supports it. Runs no forward pass but
  /// those over pictures that are new.
  func begin(_ requests: [InfillRequest]) async throws -> [OpenedSession] {
    let model = try await loaded()
    var seen: [SeenPictures] = []
    for request in requests { seen.append(try await see(request, model)) }
    let opened = try zip(requests, seen).map { request, pictures in
      lastSession += 1
      return (
        id: lastSession, session: try model.session(request, beside: pictures),
        unread: pictures.unread
      )
    }
    let group = opened.filter { $0.session is BatchableSession }.map(\.id)
    for (id, session, _) in opened {
      sessions[id] = session
      groups[id] = session is BatchableSession ? group : [id]
    }
    return opened.map { id, session, unread in
      OpenedSession(id: id, canvas: session.cells, notice: session.notice, unread: unread)
    }
  }

  private func see(_ request: InfillRequest, _ model: any InfillModel) async throws -> SeenPictures
  {
    try await see(request.pictures, model) {
      try model.conversation(request.instruction, for: request.original, beside: $0)
    }
  }

  /// Encodes the text around a passage, unless no model is loaded. Steps of sessions are made in
  /// between: one part of the text is one job of the thread.
  func readAhead(_ request: InfillRequest) async throws {
    guard let model else { return }
    try Task.checkCancellation()
    let session = try model.session(request, beside: try await see(request, model))
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
    let partners = partners(of: id, group)
    if let first = partners.first, let session = sessions[first] as? any SharedStepSession {
      do {
        return try step(id, with: partners, like: session)
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        // Another's fault is not this session's: it makes its step alone.
      }
    }
    // Taken out while it is changed, or else its canvas were copied.
    var session = sessions.removeValue(forKey: id)
    defer { sessions[id] = session }
    return try session?.next()
  }

  /// Sessions of other requests, at most, whose steps are made with that of a session.
  private static let mostPartners = 7

  /// The sessions whose next step is made with that of `id`: those of its group, and those of its kind
  /// that a task waits for, the oldest first.
  private func partners(of id: Int, _ group: [Int]) -> [Int] {
    let waitedFor = callers.sessions
    guard group.count > 1 || waitedFor.count > 1, let session = sessions[id],
      (session as? any SharedStepSession)?.sharesNextStep == true
    else { return [] }
    func shares(_ other: Int) -> Bool {
      guard other != id, waiting[other] == nil, let partner = sessions[other],
        type(of: partner) == type(of: session)
      else { return false }
      return (partner as? any SharedStepSession)?.sharesNextStep == true
    }
    let strangers = waitedFor.subtracting(group).sorted().filter(shares)
    return group.filter(shares) + strangers.prefix(Self.mostPartners)
  }

  private func step<Session: SharedStepSession>(
    _ id: Int, with partners: [Int], like _: Session
  ) throws -> InfillStep? {
    let members = [id] + partners
    var stepped = members.compactMap { sessions[$0] as? Session }
    let steps = try callers.sharing(members) { try Session.next(&stepped) }
    sharedSteps += partners.count
    for (index, member) in members.enumerated() {
      sessions[member] = stepped[index]
      // What fails for one of the others fails again when it asks itself.
      if case .success(let step) = steps[index] { waiting[member] = step }
    }
    if case .failure(let error) = steps[0] { throw error }
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
    let model = try await loaded()
    return try model.scores(of: texts, for: request, beside: try await see(request, model))
  }

  /// Scores of the words of a text. Steps of sessions run in between: one batch of words is one job
  /// of the thread.
  func doubts(about request: DoubtRequest) async throws -> DoubtReport {
    let model = try await loaded()
    let clock = ContinuousClock()
    let pictures = try await see(request.pictures, model) {
      try model.conversation(nil, for: "", beside: $0)
    }
    var run = try model.doubtRun(request, beside: pictures)
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
