internal import Synchronization

/// Events of one try between the task that reads the reply and the session that shows them.
///
/// One reader at a time. It takes all text that has come: a slow screen shows fewer, larger steps and
/// is not behind.
final class ReplyQueue: Sendable {
  private struct State {
    var events: [ReplyEvent] = []
    /// nil while more may come.
    var end: Result<Void, any Error>?
    var waiter: CheckedContinuation<Void, Never>?
    var isAbandoned = false

    /// Frames that may wait to be shown.
    static let mostFrames = 32

    mutating func takeEvents() -> [ReplyEvent] {
      var end = events.count
      if let frame = events.firstIndex(where: \.isFrame),
        events.count(where: \.isFrame) <= Self.mostFrames
      {
        end = frame + 1
      }
      defer { events.removeFirst(end) }
      return Array(events[..<end])
    }
  }

  private let state = Mutex(State())
  private let onAbandon: @Sendable () -> Void

  /// - Parameter onAbandon: called at most once, when the reader gives up.
  init(onAbandon: @escaping @Sendable () -> Void) { self.onAbandon = onAbandon }

  func post(_ event: ReplyEvent) { change { $0.events.append(event) } }

  func end(_ end: Result<Void, any Error>) { change { if $0.end == nil { $0.end = end } } }

  private func change(_ body: (inout State) -> Void) {
    let waiter = state.withLock { state in
      body(&state)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// The events since the last call, at least one, waiting for it, up to the first frame, so that each
  /// frame is a step on the screen; all of them where too many frames wait. nil after the last. Throws what
  /// ended the reply, and `CancellationError` where the task was cancelled.
  func next() async throws -> [ReplyEvent]? {
    while true {
      try Task.checkCancellation()
      let ready = try state.withLock { state -> [ReplyEvent]?? in
        if !state.events.isEmpty {
          return .some(state.takeEvents())
        }
        guard let end = state.end else { return .none }
        try end.get()
        return .some(nil)
      }
      if let ready { return ready }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let waits = state.withLock { state in
            let waits = state.events.isEmpty && state.end == nil && !Task.isCancelled
            if waits { state.waiter = continuation }
            return waits
          }
          if !waits { continuation.resume() }
        }
      } onCancel: {
        change { _ in }
      }
    }
  }

  /// The reader gives up: the connection is closed unless other tries of the reply are read.
  func abandon() {
    let isFirst = state.withLock { state in
      defer { state.isAbandoned = true }
      return !state.isAbandoned
    }
    if isFirst { onAbandon() }
  }
}

/// The reply to one call, read by a task of its own and dealt out to the tries it is about. The task
/// is cancelled, and the connection closed, when no try is read any more.
enum ReplyPump {
  static func start(
    _ call: EngineCall, tries: Int, client: EngineClient,
    interpret: @escaping ReplyReader.Interpreter
  ) -> [ReplyQueue] {
    let readers = Readers(tries)
    let queues = (0..<tries).map { _ in ReplyQueue { readers.leave() } }
    let task = Task.detached {
      let end: Result<Void, any Error>
      do {
        try await pump(call, queues, client, ReplyReader(call.format, interpret: interpret))
        end = .success(())
      } catch {
        end = .failure(error)
      }
      for queue in queues { queue.end(end) }
    }
    readers.whenNoneIsLeft { task.cancel() }
    return queues
  }

  private static func pump(
    _ call: EngineCall, _ queues: [ReplyQueue], _ client: EngineClient, _ reader: ReplyReader
  ) async throws {
    let (response, notices) = try await client.open(call)
    for notice in notices { queues[0].post(.notice(notice)) }
    var reader = reader
    try await client.portions(of: response) { deal(try reader.read($0), to: queues) }
    do throws(RemoteError.Reason) {
      deal(try reader.finish(), to: queues)
    } catch {
      throw client.error(error)
    }
  }

  /// A reply about a try that nobody asked for is dropped.
  private static func deal(_ replies: [Reply], to queues: [ReplyQueue]) {
    for reply in replies {
      guard let choice = reply.choice else {
        for queue in queues { queue.post(reply.event) }
        continue
      }
      if queues.indices.contains(choice) { queues[choice].post(reply.event) }
    }
  }
}

/// How many tries of a reply are still read.
private final class Readers: Sendable {
  private let state: Mutex<(count: Int, end: (@Sendable () -> Void)?)>

  init(_ count: Int) { state = Mutex((count, nil)) }

  func whenNoneIsLeft(_ body: @escaping @Sendable () -> Void) {
    let isOver = state.withLock { state in
      state.end = body
      return state.count == 0
    }
    if isOver { body() }
  }

  func leave() {
    let end = state.withLock { state in
      state.count -= 1
      return state.count == 0 ? state.end : nil
    }
    end?()
  }
}
