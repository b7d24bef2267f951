internal import DecodingPolicies
public import Infilling
internal import JSON
internal import Synchronization

/// Answers requests with the texts of an engine. Knows nothing of sockets: requests are values, and
/// answers go to a `ReplyWriter`.
public final class FillService: Sendable {
  private struct State {
    var model: String?
    var isEnding = false
    var lastRequest = 0
  }

  public let limits: ServiceLimits
  private let infiller: any Infiller
  private let access: Access
  private let turnstile: Turnstile
  private let metrics = ServiceMetrics()
  private let gauges: @Sendable () -> [Gauge]
  private let onFailure: @Sendable (String) -> Void
  private let started: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - gauges: figures of the process for `/metrics`.
  ///   - started: seconds since 1970.
  ///   - onFailure: gets the messages of errors that clients are not told, for they may name files
  ///     of this machine.
  public init(
    _ infiller: any Infiller, limits: ServiceLimits = ServiceLimits(), access: Access,
    started: Int = 0, gauges: @escaping @Sendable () -> [Gauge] = { [] },
    onFailure: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.infiller = infiller
    self.limits = limits
    self.access = access
    self.started = started
    self.gauges = gauges
    self.onFailure = onFailure
    turnstile = Turnstile(width: limits.running, limit: limits.waiting)
  }

  /// Loads the model, unless it is loaded. Throws what the engine throws.
  @discardableResult public func prepare() async throws -> ModelSummary {
    let summary = try await infiller.prepare()
    state.withLock { $0.model = summary.name }
    return summary
  }

  /// From now on new fills are refused; those under way go on.
  public func end() { state.withLock { $0.isEnding = true } }

  /// Answers a request, also one that is wrong. Throws only where there is nobody to answer: what
  /// the writer throws, and `CancellationError`.
  public func respond(to call: HTTPCall, _ writer: some ReplyWriter) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let endpoint = try? Endpoint(call)
    let stream = EventWriter(writer)
    func note(_ outcome: ServiceMetrics.Outcome) {
      metrics.note(endpoint, outcome, seconds: (clock.now - start) / .seconds(1))
    }
    do {
      var status = 200
      do {
        let reply = try await answer(call, stream)
        if let reply { try await writer.send(reply) }
      } catch let error as ServiceError {
        status = error.status
        if stream.hasBegun {
          try await stream.send([error.json])
        } else {
          try await writer.send(error.reply)
        }
      }
      note(.status(status))
    } catch {
      note(.cancelled)
      throw error
    }
  }

  /// The answer to a request; nil once it was streamed.
  private func answer(_ call: HTTPCall, _ stream: EventWriter) async throws -> Reply? {
    let endpoint = try Endpoint(call)
    if !endpoint.isOpen { try access.check(call) }
    switch endpoint {
    case .health:
      let (isReady, isEnding) = state.withLock { ($0.model != nil, $0.isEnding) }
      if isEnding { throw ServiceError.ending }
      if !isReady { throw ServiceError.loading }
      return Reply(["status": "ok"])
    case .models: return Reply(models(try await model()))
    case .metrics: return await metricsReply()
    case .completions: return try await complete(call.body, stream)
    case .infill: return try await infill(call.body, stream)
    }
  }

  private func model() async throws -> ModelSummary {
    try await engine { try await prepare() }
  }

  private func models(_ model: ModelSummary) -> JSONValue {
    [
      "object": "list",
      "data": [
        [
          "id": .string(model.name), "object": "model", "created": .integer(started),
          "owned_by": "palimpsest",
          "meta": ["n_params": .integer(model.parameters), "backend": .string(model.backend)],
          "capabilities": [
            "suffix": true, "diffusion_frames": true, "logprobs": true,
            "instruction": .bool(model.followsInstructions),
            "modes": .array(
              DecodingMode.allCases.filter(model.modes.contains).map { .string($0.name) }),
          ],
        ]
      ],
    ]
  }

  /// Spans that wait for their turn.
  var waiting: Int { get async { await turnstile.waiting } }

  private func metricsReply() async -> Reply {
    let own = [
      Gauge("palimpsest_spans_running", "Spans being filled.", await turnstile.running),
      Gauge("palimpsest_spans_waiting", "Spans that wait for their turn.", await waiting),
    ]
    return Reply(
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      body: Array(metrics.text(own + gauges()).utf8))
  }

  private func complete(_ body: [UInt8], _ stream: EventWriter) async throws -> Reply? {
    let model = try await model().name
    let request = try CompletionRequest(body, model: model, limits)
    let number = try await begin(request.spans.count)
    let reply = CompletionReply(
      id: "cmpl-\(started)-\(number)", model: model, created: started, logprobs: request.logprobs,
      warning: request.warning)
    if request.isStreamed {
      try await fill(
        request.spans, number,
        StreamedCompletion(reply: reply, includesUsage: request.includesUsage),
        showingFrames: request.showsFrames, stream)
      return nil
    }
    return Reply(reply.whole(try await fill(request.spans, number)))
  }

  private func infill(_ body: [UInt8], _ stream: EventWriter) async throws -> Reply? {
    let body = try InfillBody(body, limits)
    let model = try await model().name
    let number = try await begin(1)
    if body.onlyReads {
      try await withDeadline { [self] in
        try await turnstile.pass(number) { [self] in
          try await engine { try await self.infiller.readAhead(body.span.request) }
        }
      }
      let nothing = SpanResult(body.span, cells: [], steps: 0, forwardPasses: 0, milliseconds: 0)
      return Reply(body.answer(nothing, model: model))
    }
    if body.isStreamed {
      try await fill(
        [body.span], number, StreamedInfill(body: body, model: model),
        showingFrames: body.showsFrames, stream)
      return nil
    }
    return Reply(body.answer(try await fill([body.span], number)[0], model: model))
  }

  /// The number of a request whose spans may wait. Throws where they may not.
  private func begin(_ spans: Int) async throws -> Int {
    try await turnstile.check(spans)
    let number = state.withLock { state -> Int? in
      if state.isEnding { return nil }
      state.lastRequest += 1
      return state.lastRequest
    }
    guard let number else { throw ServiceError.ending }
    return number
  }
}

// MARK: Filling

extension FillService {
  /// Fills spans and sends events as they come.
  private func fill(
    _ spans: [SpanRequest], _ number: Int, _ format: some StreamedReply, showingFrames: Bool,
    _ stream: EventWriter
  ) async throws {
    let outbox = Outbox()
    try await withDeadline { [self] in
      async let filling = {
        defer { outbox.finish() }
        return try await fillAll(spans, number, outbox, showingFrames: showingFrames)
      }()
      var isFirst = true
      for await _ in outbox.ticks {
        let batch = outbox.take()
        var events = isFirst ? format.opening : []
        isFirst = false
        events += batch.frames.map(format.event)
        for (choice, result) in batch.results { events += format.events(result, choice: choice) }
        try await stream.send(events)
      }
      let results = try await filling
      try await stream.send(format.closing(results), isDone: format.endsWithDone)
    }
  }

  private func fill(_ spans: [SpanRequest], _ number: Int) async throws -> [SpanResult] {
    try await withDeadline { [self] in
      try await fillAll(spans, number, nil, showingFrames: false)
    }
  }

  /// Fills the spans of request `number`, as many at a time as their turns allow.
  private func fillAll(
    _ spans: [SpanRequest], _ number: Int, _ outbox: Outbox?, showingFrames: Bool
  ) async throws -> [SpanResult] {
    try await withThrowingTaskGroup(of: (Int, SpanResult).self) { group in
      for (choice, span) in spans.enumerated() {
        group.addTask { [self] in
          let result = try await turnstile.pass(number) { [self] in
            try await fill(span) { if showingFrames { outbox?.put($0, of: choice) } }
          }
          metrics.note(result)
          outbox?.put(result, of: choice)
          return (choice, result)
        }
      }
      var results: [SpanResult?] = Array(repeating: nil, count: spans.count)
      for try await (choice, result) in group { results[choice] = result }
      return results.compactMap(\.self)
    }
  }

  private func fill(
    _ span: SpanRequest, _ onStep: (InfillStep) -> Void
  ) async throws -> SpanResult {
    let session = try await engine {
      do {
        return try await infiller.begin(span.request)
      } catch let error as any ShareableError {
        // No pass was made: the engine does not do what is asked.
        throw ServiceError.refused(error.sharedMessage)
      }
    }
    var last: InfillStep?
    var milliseconds = 0.0
    while let step = try await engine({ try await session.next() }) {
      milliseconds += step.milliseconds
      last = step
      onStep(step)
    }
    return SpanResult(
      span, cells: last?.cells ?? session.canvas, steps: last?.index ?? 0,
      forwardPasses: last?.forwardPasses ?? 0, milliseconds: milliseconds)
  }

  /// Errors of the engine as those of the service.
  private func engine<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch is CancellationError {
      throw CancellationError()
    } catch let error as ServiceError {
      throw error
    } catch let error as any ShareableError {
      throw ServiceError.failed(error.sharedMessage)
    } catch {
      onFailure("\(error)")
      throw ServiceError.failed(nil)
    }
  }

  /// Throws `ServiceError.late` for what is not done in time; it is cancelled then.
  private func withDeadline<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask { [limits] in
        try await Task.sleep(for: .seconds(limits.deadline))
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let value = first else {
        throw ServiceError.late(seconds: limits.deadline)
      }
      return value
    }
  }
}
