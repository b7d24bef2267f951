import Testing

@testable import Inference

/// Who waits for a step that several sessions share.
@Suite struct StepCallersTests {
  private let callers = StepCallers()

  /// Whether a step for `sessions` would go on.
  private func goesOn(_ sessions: [Int]) -> Bool {
    callers.sharing(sessions) { (try? StepCallers.check()) != nil }
  }

  @Test func aStepGoesOnWhileAnybodyWaits() async throws {
    #expect(!goesOn([1, 2]))
    try await callers.call(2) { [self] in
      #expect(goesOn([1, 2]) && goesOn([2]) && !goesOn([1, 3]))
      try await callers.call(3) { #expect(goesOn([1, 3])) }
      #expect(!goesOn([1, 3]))
    }
    #expect(!goesOn([1, 2]))
  }

  /// The one who began it gives up, the other does not; then both do.
  @Test func whoGivesUpNoLongerWaits() async throws {
    let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
    let first = Task { [callers] in
      try await callers.call(1) {
        isReady.yield()
        try await Task.sleep(for: .seconds(600))
      }
    }
    var iterator = ready.makeAsyncIterator()
    await iterator.next()
    try await callers.call(2) { [self] in
      #expect(goesOn([1]))
      first.cancel()
      await #expect(throws: CancellationError.self) { try await first.value }
      #expect(!goesOn([1]) && goesOn([1, 2]))
    }
    #expect(!goesOn([1, 2]))
  }

  /// Outside of a shared step the caller's own task decides.
  @Test func aLoneStepHearsItsTask() async throws {
    try StepCallers.check()
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      try StepCallers.check()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
