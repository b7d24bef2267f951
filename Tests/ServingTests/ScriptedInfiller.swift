import DecodingPolicies
import Infilling
import Synchronization

/// Fills every passage with fixed words, one a step, after the gate is open; counts sessions.
final class ScriptedInfiller: Infiller {
  struct Failure: ShareableError, CustomStringConvertible {
    var sharedMessage: String
    var description: String { "/models/script: \(sharedMessage)" }
  }

  /// An error of a kind that the service does not know.
  struct Mishap: Error, CustomStringConvertible {
    let description = "/models/script: unreadable"
  }

  enum Fault: Sendable {
    case loading
    case beginning
    case step(Int)
    /// An error that is not for clients, when a passage begins.
    case mishap
  }

  let words: [String]
  let fault: Fault?
  /// Steps wait while it is shut.
  private let gate: Gate?
  private let state = Mutex(State())

  private struct State {
    var requests: [InfillRequest] = []
    var read: [InfillRequest] = []
    var open = 0
    var mostOpen = 0
    /// The seed of the session of each step, in their order.
    var turns: [UInt64] = []
  }

  init(_ words: [String] = ["one ", "two ", "three"], fault: Fault? = nil, gate: Gate? = nil) {
    self.words = words
    self.fault = fault
    self.gate = gate
  }

  var requests: [InfillRequest] { state.withLock { $0.requests } }
  var read: [InfillRequest] { state.withLock { $0.read } }
  var open: Int { state.withLock { $0.open } }
  var mostOpen: Int { state.withLock { $0.mostOpen } }
  var turns: [UInt64] { state.withLock { $0.turns } }

  func prepare() async throws -> ModelSummary {
    if case .loading = fault { throw Failure(sharedMessage: "no weights") }
    return ModelSummary(
      name: "script", parameters: 7, backend: "none", followsInstructions: true, searches: true)
  }

  func readAhead(_ request: InfillRequest) async throws {
    state.withLock { $0.read.append(request) }
  }

  func begin(_ request: InfillRequest) async throws -> any InfillSession {
    switch fault {
    case .beginning: throw Failure(sharedMessage: "It cannot write this script.")
    case .mishap: throw Mishap()
    default: break
    }
    state.withLock {
      $0.requests.append(request)
      $0.open += 1
      $0.mostOpen = max($0.mostOpen, $0.open)
    }
    return Session(self, seed: request.settings.seed)
  }

  private final class Session: InfillSession {
    let canvas: [InfillCell]
    private let infiller: ScriptedInfiller
    private let seed: UInt64
    private let done = Mutex(0)

    init(_ infiller: ScriptedInfiller, seed: UInt64) {
      self.infiller = infiller
      self.seed = seed
      canvas = infiller.words.map { _ in .open }
    }

    deinit { infiller.state.withLock { $0.open -= 1 } }

    func next() async throws -> InfillStep? {
      try await infiller.gate?.pass()
      try Task.checkCancellation()
      let words = infiller.words
      let count = done.withLock { count -> Int? in
        guard count < words.count else { return nil }
        count += 1
        return count
      }
      guard let count else { return nil }
      infiller.state.withLock { $0.turns.append(seed) }
      if case .step(count) = infiller.fault { throw Failure(sharedMessage: "a NaN in layer 3") }
      let cells = words.indices.map { index in
        index < count
          ? InfillCell(
            state: .draft, token: index, text: words[index], confidence: 0.5,
            alternatives: [InfillAlternative(token: 7, text: " or", probability: 0.25)]) : .open
      }
      return InfillStep(
        index: count, cells: cells, changed: [count - 1], plannedSteps: words.count,
        milliseconds: 1.5, forwardPasses: 2 * count, isLast: count == words.count)
    }
  }
}

/// Holds tasks up until it is opened.
actor Gate {
  private var isOpen = false

  func pass() async throws {
    while !isOpen {
      try Task.checkCancellation()
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  func open() { isOpen = true }
}
