internal import DecodingPolicies
public import Infilling

/// A passage that a text engine fills: one gap after the other, each by a call of its own.
///
/// Where the task that waits for a step is cancelled, and when the session is let go of, the
/// connection is closed. A session that is asked for a step after that calls the service again.
actor TextSession: InfillSession {
  nonisolated let canvas: [InfillCell]
  private let engine: any TextEngine
  private let client: EngineClient
  private let finished: @Sendable (String, CandidateScore) -> Void
  private var plan: PassagePlan
  private var cells: [InfillCell]
  private var stepCount = 0
  private var frames = 0
  private var state: State

  private enum State {
    /// No call is under way. `text`: what an earlier one has written into the first gap.
    case idle(GapText)
    case reading(ReplyQueue, Gap, GapText)
    case ended
  }

  /// - Parameters:
  ///   - queue: a reply that is under way; it is about the whole passage.
  ///   - finished: receives the text of a passage and its score, where the service returned one.
  init(
    _ request: InfillRequest, _ engine: any TextEngine, _ client: EngineClient,
    queue: ReplyQueue? = nil,
    finished: @escaping @Sendable (String, CandidateScore) -> Void = { _, _ in }
  ) {
    plan = PassagePlan(request)
    canvas = plan.cells()
    cells = canvas
    self.engine = engine
    self.client = client
    self.finished = finished
    if plan.firstGap == nil {
      state = .ended
    } else if let queue {
      state = .reading(queue, Self.gap(plan, after: "", client), GapText())
    } else {
      state = .idle(GapText())
    }
  }

  isolated deinit {
    if case .reading(let queue, _, _) = state { queue.abandon() }
  }

  func next() async throws -> InfillStep? {
    let start = ContinuousClock.now
    guard let (queue, gap, text) = begin() else { return nil }
    do {
      let events = try await queue.next()
      return try step(events, queue, gap, text, since: start)
    } catch {
      queue.abandon()
      state = .idle(engine.appends ? text : GapText())
      throw error
    }
  }

  private static func gap(_ plan: PassagePlan, after text: String, _ client: EngineClient) -> Gap {
    plan.gap(
      after: text, before: client.configuration.before, after: client.configuration.after)
  }

  /// The reply that is read, a new one where none is; nil where all is filled.
  private func begin() -> (ReplyQueue, Gap, GapText)? {
    switch state {
    case .ended: return nil
    case .reading(let queue, let gap, let text): return (queue, gap, text)
    case .idle(let text):
      let gap = Self.gap(plan, after: "", client)
      let written = text.cells(in: gap, isFinished: false).map(\.text).joined()
      let call = engine.call(Self.gap(plan, after: written, client), tries: 1)
      let queue = ReplyPump.start(call, tries: 1, client: client) { [engine] in
        try engine.interpret($0)
      }[0]
      state = .reading(queue, gap, text)
      return (queue, gap, text)
    }
  }

  /// The step that events lead to; nil events: the reply is complete.
  private func step(
    _ events: [ReplyEvent]?, _ queue: ReplyQueue, _ gap: Gap, _ before: GapText,
    since start: ContinuousClock.Instant
  ) throws -> InfillStep {
    var text = before
    var notices: [String] = []
    for event in events ?? [] {
      do throws(RemoteError.Reason) {
        if let notice = try text.take(event, in: gap) { notices.append(notice) }
      } catch {
        throw client.error(error)
      }
    }
    frames += text.frames - before.frames
    let isExceeded = text.exceeds(gap)
    if isExceeded { queue.abandon() }
    let isFinished = events == nil || isExceeded
    let written = text.cells(in: gap, isFinished: isFinished)
    if isFinished, written.isEmpty, plan.isWhole { throw client.error(.empty) }
    let shown = plan.cells(writing: written, closed: isFinished)
    if isFinished {
      if plan.isWhole, let score = text.score {
        finished(written.map(\.text).joined(), score)
      }
      plan.close(with: written)
      state = plan.firstGap == nil ? .ended : .idle(GapText())
    } else {
      state = .reading(queue, gap, text)
    }
    let changed = shown.indices.filter { !cells.indices.contains($0) || cells[$0] != shown[$0] }
    let delta = CanvasDelta(from: cells, to: shown)
    cells = shown
    stepCount += 1
    let isLast = if case .ended = state { true } else { false }
    return InfillStep(
      index: stepCount, cells: shown, changed: changed, delta: delta,
      milliseconds: (ContinuousClock.now - start) / .milliseconds(1), forwardPasses: frames,
      isLast: isLast, notice: notices.isEmpty ? nil : notices.joined(separator: ". "))
  }
}

extension TextEngine {
  /// Sessions for tries that differ by seed and temperature alone share one call where the engine
  /// takes a number of tries.
  public func begin(_ requests: [InfillRequest], _ client: EngineClient) async throws
    -> [any InfillSession]
  { sessions(requests, client) { _, _ in } }

  func sessions(
    _ requests: [InfillRequest], _ client: EngineClient,
    finished: @escaping @Sendable (String, CandidateScore) -> Void
  ) -> [any InfillSession] {
    let shared = client.configuration.kind.capabilities.tries ? sharable(requests) : []
    var queues: [Int: ReplyQueue] = [:]
    if shared.count > 1 {
      let gap = PassagePlan(requests[shared[0]]).gap(
        after: "", before: client.configuration.before, after: client.configuration.after)
      let started = ReplyPump.start(
        call(gap, tries: shared.count), tries: shared.count, client: client
      ) { try interpret($0) }
      queues = Dictionary(uniqueKeysWithValues: zip(shared, started))
    }
    return requests.indices.map { index in
      TextSession(requests[index], self, client, queue: queues[index], finished: finished)
    }
  }

  /// Indices of the requests that one call can ask for: whole passages above temperature 0, which
  /// alone differ by their seed.
  private func sharable(_ requests: [InfillRequest]) -> [Int] {
    func plain(_ request: InfillRequest) -> InfillRequest {
      var request = request
      request.settings.seed = 0
      request.settings.slots = nil
      return request
    }
    let warm = requests.indices.filter {
      requests[$0].settings.temperature > 0 && PassagePlan(requests[$0]).isWhole
    }
    guard let first = warm.first else { return [] }
    return warm.filter { plain(requests[$0]) == plain(requests[first]) }
  }
}
