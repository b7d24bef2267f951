import DecodingPolicies
import FaultyServer
import Infilling
import Networking
import RemoteEngines
import TestSupport
import Testing

/// Engines against a server that misbehaves, over sockets. Whatever it does, a passage ends with its
/// text or with that of the local model and a message, and the connection is closed.
@Suite struct EngineFaultTests {
  private static let request = InfillRequest(
    prefix: "We walked to ", original: "the station,\nwhich was closed and dark",
    suffix: FaultyText.suffix, settings: DecodingConfiguration())

  private func configuration(
    _ dialect: Dialect, port: Int, _ deadlines: Deadlines = patient
  ) throws -> EngineConfiguration {
    let kind: EngineKind =
      switch dialect {
      case .completions, .json: .completions
      case .infill: .llamaInfill
      case .deltas: .codestral
      case .whole: .mercuryChat
      case .frames: .unsloth
      case .ollama: .ollama
      }
    var configuration = EngineConfiguration(
      name: "faulty", kind: kind, address: try #require(EngineAddress("http://127.0.0.1:\(port)")),
      model: "m", key: KeySource.none)
    configuration.deadlines = deadlines
    configuration.patience = 2000
    return configuration
  }

  /// Who wrote the passage, and what is reported.
  private struct Outcome {
    var text = ""
    var notices: [String] = []
    var isLocal: Bool { text == LocalWords.text }
  }

  /// For servers that end by themselves, and for those that do not. The server shares its threads
  /// with the tests: it may be silent for minutes.
  private static let patient = Deadlines(
    connect: 3_600_000, answer: 3_600_000, silence: 3_600_000, total: 3_600_000)
  private static let hasty = Deadlines(
    connect: 3_600_000, answer: 1000, silence: 1000, total: 3000)

  private func outcome(
    _ fault: Fault, _ dialect: Dialect, _ deadlines: Deadlines? = nil
  ) async throws -> Outcome {
    let server = FaultyServer(fault, dialect)
    let configuration = try configuration(
      dialect, port: try await server.start(),
      deadlines ?? (fault.isEndless ? Self.hasty : Self.patient))
    var outcome = Outcome()
    do {
      let client = EngineClient(configuration, transport: CurlTransport()) { _ in
        nil
      } wait: { _ in
      } random: {
        0
      }
      let infiller = FallbackInfiller(
        configuration, remote: RemoteInfiller(client), local: LocalWords())
      let session = try await infiller.begin(Self.request)
      var index = 0
      while let step = try await session.next() {
        #expect(step.index == index + 1)
        index = step.index
        outcome.text = step.text
        if let notice = step.notice { outcome.notices.append(notice) }
        let shown = step.cells.map { $0.text + $0.noise + $0.alternatives.map(\.text).joined() }
        #expect(!shown.joined().unicodeScalars.contains(where: Self.steers), "\(fault) \(dialect)")
      }
    }
    try await eventually("\(fault) in \(dialect) to be hung up on") { server.openConnections == 0 }
    try await server.end()
    return outcome
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x09: false
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  @Test(arguments: Dialect.allCases)
  func everyFaultEndsWithATextAndAMessage(_ dialect: Dialect) async throws {
    for fault in Fault.allCases {
      let outcome = try await outcome(fault, dialect)
      #expect(!outcome.text.isEmpty, "\(fault)")
      if outcome.isLocal {
        // A message on one line, with what to do or what was done.
        let notice = try #require(outcome.notices.last, "\(fault)")
        #expect(notice.hasPrefix("faulty: "), "\(fault)")
        #expect(notice.hasSuffix("Written by Local on this machine"), "\(fault)")
        #expect(!notice.unicodeScalars.contains(where: Self.steers), "\(fault)")
        #expect(!notice.contains("\n"), "\(fault)")
      }
      if fault.isHarmless {
        #expect(outcome.text == FaultyText.whole, "\(fault) \(dialect): \(outcome.notices)")
        #expect(outcome.notices.isEmpty, "\(fault)")
      }
    }
  }

  @Test func theTextAfterThePassageIsNotRepeated() async throws {
    let outcome = try await outcome(.appendsSuffix, .completions)
    #expect(outcome.text == FaultyText.whole)
  }

  @Test func eachDeadlineHasItsMessage() async throws {
    func notice(_ fault: Fault, _ change: (inout Deadlines) -> Void) async throws -> String? {
      var deadlines = Self.patient
      change(&deadlines)
      return try await outcome(fault, .completions, deadlines).notices.last
    }
    let answer = try await notice(.stallsBeforeHead) { $0.answer = 300 }
    #expect(answer?.contains("did not answer in time") == true)
    let silence = try await notice(.stallsInEvent) { $0.silence = 300 }
    #expect(silence?.contains("fell silent") == true)
    let total = try await notice(.trickles) { $0.total = 1500 }
    #expect(total?.contains("did not finish in time") == true)
  }

  @Test(arguments: [
    (Fault.refusesKey, "refuses the key"), (.limitsRate, "asks to wait 1 second"),
    (.limitsRateForHours, "asks to wait 86400 seconds"), (.sendsPage, "not JSON"),
    (.redirects, "status 302"), (.fails, "failed with status 500"), (.failsInStream, "It broke."),
    (.sendsEndlessHead, "sent more than 64 KiB"),
    (.dropsBetweenEvents, "ended its reply in the middle"), (.sendsNothing, "returned no text"),
  ])
  func aFaultHasItsMessage(_ fault: Fault, _ words: String) async throws {
    let outcome = try await outcome(fault, .completions, Self.patient)
    #expect(outcome.isLocal)
    #expect(outcome.notices.last?.contains(words) == true, "\(outcome.notices)")
  }

  @Test func aServerThatRecoversFillsThePassage() async throws {
    let server = FaultyServer(.isOverloaded, .completions, healsAfter: 1)
    let configuration = try configuration(.completions, port: try await server.start())
    let client = EngineClient(configuration, transport: CurlTransport()) { _ in
      nil
    } wait: { _ in
    } random: {
      0
    }
    var text = ""
    var notices: [String] = []
    let session = try await RemoteInfiller(client).begin(Self.request)
    while let step = try await session.next() {
      text = step.text
      notices += step.notice.map { [$0] } ?? []
    }
    #expect(text == FaultyText.whole)
    #expect(notices.count == 1)
    try await server.end()
  }

  @Test(arguments: [Fault.stallsBeforeHead, .stallsInEvent, .floods, .neverEnds])
  func stoppingClosesTheConnection(_ fault: Fault) async throws {
    let server = FaultyServer(fault, .completions)
    let configuration = try configuration(.completions, port: try await server.start())
    let client = EngineClient(configuration, transport: CurlTransport()) { _ in nil }
    let session = try await RemoteInfiller(client).begin(Self.request)
    let steps = Task {
      while try await session.next() != nil {}
    }
    try await eventually("the request") { !server.requests.isEmpty }
    steps.cancel()
    _ = try? await steps.value
    try await eventually("the connection to be closed") { server.openConnections == 0 }
    try await server.end()
  }
}

/// A model of this machine with one answer.
private struct LocalWords: Infiller {
  static let text = "local words"

  func prepare() async throws -> ModelSummary {
    ModelSummary(name: "Local", parameters: 0, backend: "none")
  }

  func begin(_ request: InfillRequest) async throws -> any InfillSession { Session() }

  private actor Session: InfillSession {
    nonisolated let canvas = [InfillCell.open]
    private var isDone = false

    func next() async throws -> InfillStep? {
      guard !isDone else { return nil }
      isDone = true
      return InfillStep(
        index: 1, cells: [InfillCell(state: .draft, text: LocalWords.text)], changed: [0],
        isLast: true)
    }
  }
}
