internal import Synchronization

/// The sessions whose next step a task waits for. Under a lock and not an actor's: the engine asks
/// between two layers, synchronously, and callers withdraw while it is busy with that step.
final class StepCallers: Sendable {
  private let waiting = Mutex<Set<Int>>([])

  /// Sessions that share a step. An object: release builds of Swift 6.3 crash on a task-local
  /// closure.
  private final class Group: Sendable {
    let callers: StepCallers
    let sessions: [Int]

    init(_ callers: StepCallers, _ sessions: [Int]) {
      self.callers = callers
      self.sessions = sessions
    }

    /// Whether any of their callers still waits.
    var isWanted: Bool {
      callers.waiting.withLock { waiting in sessions.contains { waiting.contains($0) } }
    }
  }

  /// The sessions that the current step is made for, if there are several.
  @TaskLocal private static var group: Group?

  /// Runs `body` for a caller of session `id`, who no longer waits once its task is cancelled.
  func call<Value: Sendable>(
    _ id: Int, _ body: () async throws -> Value
  ) async throws -> Value {
    waiting.withLock { _ = $0.insert(id) }
    defer { withdraw(id) }
    return try await withTaskCancellationHandler(operation: body) { withdraw(id) }
  }

  /// Sessions that a task waits for.
  var sessions: Set<Int> { waiting.withLock { $0 } }

  private func withdraw(_ id: Int) { waiting.withLock { _ = $0.remove(id) } }

  /// Runs `body`, in which `check` throws once no task waits for any of `sessions`.
  func sharing<Value>(_ sessions: [Int], _ body: () throws -> Value) rethrows -> Value {
    try Self.$group.withValue(Group(self, sessions), operation: body)
  }

  /// Throws `CancellationError` if the current step is cancelled: by the caller's task, or by all
  /// callers that share it.
  static func check() throws {
    guard let group else { return try Task.checkCancellation() }
    if !group.isWanted { throw CancellationError() }
  }
}
