import DecodingPolicies
import Inference
import Infilling
import Tensors
import Testing

/// Several candidates of one passage, their steps made together.
@Suite struct CandidateTests {
  let model: TemporaryModel
  let request = InfillRequest(
    prefix: "The old harbour was ", original: "quiet in the evening and the light",
    suffix: " and snow fell on the stone road, under the old bell of summer.\n")

  init() throws { model = try TemporaryModel() }

  /// Requests that differ in seed, length, settings and, at the end, in where they start.
  var requests: [InfillRequest] {
    var all: [InfillRequest] = []
    for number in 0..<7 {
      var request = request
      request.settings.temperature = number == 0 ? 0 : 0.8
      request.settings.seed = UInt64(number)
      if number >= 3 { request.settings.slots = 2 + 3 * number }
      if number == 4 { request.settings.unmasking = .threshold(0.3) }
      if number == 5 { request.settings.lengthMayChange = false }
      if number == 6 {
        request.canvas = [
          .open, .open, InfillCell(state: .pinned, text: " river lamp"), .open, .open, .open,
        ]
      }
      all.append(request.masked)
    }
    return all
  }

  func plain(_ steps: [InfillStep]) -> [InfillStep] {
    steps.map { step in
      var step = step
      step.milliseconds = 0
      step.forwardPasses = 0
      for index in step.cells.indices {
        step.cells[index].confidence = 0
        step.cells[index].alternatives = []
      }
      return step
    }
  }

  /// Each candidate writes what it would alone, however the sessions take turns.
  @Test(arguments: [nil, KernelLevel.portable, .openblas])
  func candidatesAreThoseOfSessionsAlone(level: KernelLevel?) async throws {
    func infiller() throws -> LocalInfiller {
      try LocalInfiller(
        model: model.folder, kernels: level, threads: 2)
    }
    let sessions = try await infiller().begin(candidates: requests)
    var together = [[InfillStep]](repeating: [], count: sessions.count)
    var open = Array(sessions.indices)
    var turn = 0
    while !open.isEmpty {
      turn += 1
      let index = open[turn * 7 % open.count]
      if let step = try await sessions[index].next() {
        together[index].append(step)
      } else {
        open.removeAll { $0 == index }
      }
    }
    for (index, request) in requests.enumerated() {
      let alone = try await infiller().begin(request).steps()
      #expect(plain(together[index]) == plain(alone), "candidate \(index)")
      for (a, b) in zip(together[index], alone) {
        for (x, y) in zip(a.cells, b.cells) {
          #expect(abs(x.confidence - y.confidence) < 1e-3, "candidate \(index)")
        }
      }
    }
  }

  /// One that is asked makes a step of all; the others' steps are then there for nothing.
  @Test func aStepOfOneIsAStepOfAll() async throws {
    let infiller = try model.infiller()
    let sessions = try await infiller.begin(candidates: requests)
    _ = try await sessions[0].next()
    for session in sessions.dropFirst() { #expect(try await session.next()?.index == 1) }
    #expect(try await sessions[0].next()?.index == 2)
  }

  @Test func aCancelledStepLosesNothing() async throws {
    let infiller = try model.infiller()
    let sessions = try await infiller.begin(candidates: requests)
    for _ in 0..<3 {
      let task = Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return try await sessions[1].next()
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      for session in sessions { _ = try await session.next() }
    }
    for (index, request) in requests.enumerated() {
      let last = try await sessions[index].steps().last
      let alone = try await model.infiller().begin(request).steps().last
      #expect(last == nil || last?.text == alone?.text, "candidate \(index)")
    }
  }

  @Test func aCandidateLetGoIsNotStepped() async throws {
    let infiller = try model.infiller()
    var sessions = try await infiller.begin(candidates: requests)
    _ = try await sessions[2].next()
    sessions.removeFirst(2)
    #expect(try await sessions[0].steps().last?.isLast == true)
    #expect(try await sessions[1].steps().last?.isLast == true)
  }
}
