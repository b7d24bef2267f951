/// Lets a fixed number of spans be filled at a time; the others wait, and requests take turns.
actor Turnstile {
  private typealias Waiting = (id: Int, continuation: CheckedContinuation<Void, any Error>)

  private let width: Int
  private let limit: Int
  private var queue = FairQueue<Int, Waiting>()
  private(set) var running = 0
  private var lastWaiting = 0
  /// Mean seconds that a span took, of the last ones most.
  private var mean = 1.0

  /// - Parameters:
  ///   - width: spans filled at a time.
  ///   - limit: spans that may wait.
  init(width: Int, limit: Int) {
    self.width = width
    self.limit = limit
  }

  var waiting: Int { queue.count }

  /// Throws `ServiceError.busy` where `count` more spans would be too many to wait.
  func check(_ count: Int) throws(ServiceError) {
    let free = width - running
    guard queue.count + max(0, count - free) <= limit else {
      let seconds = mean * Double(queue.count) / Double(width)
      throw .busy(waiting: queue.count, retryAfter: Int(min(60, max(1, seconds.rounded()))))
    }
  }

  /// Runs `body` when it is the turn of a span of request `owner`. Throws `CancellationError` for a
  /// task that is cancelled while it waits.
  func pass<Value: Sendable>(
    _ owner: Int, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await enter(owner)
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      mean += 0.2 * ((clock.now - start) / .seconds(1) - mean)
      leave()
    }
    return try await body()
  }

  private func enter(_ owner: Int) async throws {
    try Task.checkCancellation()
    if running < width, queue.count == 0 {
      running += 1
      return
    }
    lastWaiting += 1
    let id = lastWaiting
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation {
        (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
        } else {
          queue.append((id, continuation), of: owner)
        }
      }
    } onCancel: {
      Task { await self.withdraw(id, of: owner) }
    }
  }

  private func withdraw(_ id: Int, of owner: Int) {
    queue.remove(of: owner) { $0.id == id }?.continuation.resume(throwing: CancellationError())
  }

  /// Passes the place on.
  private func leave() {
    if let next = queue.next() {
      next.continuation.resume()
    } else {
      running -= 1
    }
  }
}
