import DecodingPolicies
import Glibc
import Infilling
import Tensors
import Testing

@testable import Inference

/// Passages of requests that have nothing to do with each other, their steps made together.
@Suite struct SharedSearchTests {
  let model: TemporaryModel

  init() throws { model = try TemporaryModel() }

  /// Five passages that are searched for, then three whose masks are filled.
  var requests: [InfillRequest] {
    (0..<8).map { number in
      var request = InfillRequest(
        prefix: "The old harbour \(number) was ",
        original: number % 2 == 0 ? "quiet in the evening" : "",
        suffix: " and snow fell on road \(number), under the old bell of summer.\n")
      request.settings.seed = UInt64(number)
      request.settings.slots = number % 2 == 0 ? nil : 5 + number
      request.settings.unmasking = .quality(1 + number % 3)
      return number < 5 ? request : request.masked
    }
  }

  /// What a step shows, without what it took.
  func plain(_ steps: [InfillStep]) -> [InfillStep] {
    steps.map { step in
      var step = step
      step.milliseconds = 0
      return step
    }
  }

  @Test(arguments: [nil, KernelLevel.portable])
  func eachWritesWhatItWritesAlone(level: KernelLevel?) async throws {
    func infiller() throws -> LocalInfiller {
      try LocalInfiller(model: model.folder, kernels: level, threads: 2)
    }
    var alone: [[InfillStep]] = []
    for request in requests {
      alone.append(plain(try await infiller().begin(request).steps()))
    }
    let shared = try infiller()
    var sessions: [any InfillSession] = []
    for request in requests { sessions.append(try await shared.begin(request)) }
    let held = await shared.engine.hold(until: requests.count)
    let together = try await withThrowingTaskGroup(of: (Int, [InfillStep]).self) { group in
      for (index, session) in sessions.enumerated() {
        group.addTask { (index, try await session.steps()) }
      }
      var all = [[InfillStep]](repeating: [], count: requests.count)
      for try await (index, steps) in group { all[index] = plain(steps) }
      return all
    }
    await held.value
    for index in requests.indices {
      #expect(together[index].map(\.text) == alone[index].map(\.text), "passage \(index)")
      // Masks whose passes are shared count the passes of all.
      if index < 5 { #expect(together[index] == alone[index], "passage \(index)") }
    }
    #expect(await shared.engine.sharedSteps > 0)
  }

  /// One that gives up does not end the step of the others.
  @Test func whoGivesUpLeavesTheOthersTheirStep() async throws {
    let shared = try model.infiller()
    let one = try await shared.begin(requests[1])
    let other = try await shared.begin(requests[3])
    let held = await shared.engine.hold(until: 2)
    let asking = Task { try await one.next() }
    let waiting = Task { try await other.next() }
    await held.value
    asking.cancel()
    #expect(try await waiting.value?.index == 1)
    _ = try? await asking.value
    let rest = try await one.steps()
    let alone = try await model.infiller().begin(requests[1]).steps()
    #expect(rest.last?.text == alone.last?.text)
  }
}

extension Engine {
  /// Keeps the engine's thread until `count` sessions are waited for. Returns once it is kept: the
  /// engine begins when all of them have asked.
  nonisolated func hold(until count: Int) async -> Task<Void, Never> {
    let (kept, keeps) = AsyncStream.makeStream(of: Void.self)
    let holding = Task { await keep(until: count, keeps) }
    for await _ in kept {}
    return holding
  }

  private func keep(until count: Int, _ keeps: AsyncStream<Void>.Continuation) {
    keeps.finish()
    while callers.sessions.count < count { sched_yield() }
  }
}
