import Infilling
import JSON
import RemoteEngines
import Synchronization
import Testing

/// A model of this machine that writes “local words”.
private struct LocalModel: Infiller {
  var followsInstructions = false
  var score: Double? = -1

  func prepare() async throws -> ModelSummary {
    ModelSummary(name: "Small", parameters: 1, backend: "none")
  }

  func begin(_ request: InfillRequest) async throws -> any InfillSession {
    if request.instruction != nil { throw Refusal() }
    return Session()
  }

  func scores(of texts: [String], for request: InfillRequest) async throws -> [CandidateScore] {
    guard let score else { throw Refusal() }
    return texts.map { _ in CandidateScore(passage: .init(logProbability: score, tokens: 1)) }
  }

  struct Refusal: Error, CustomStringConvertible { var description: String { "It cannot." } }

  actor Session: InfillSession {
    nonisolated let canvas: [InfillCell] = [.open, .open]
    private var step = 0

    func next() async throws -> InfillStep? {
      guard step < 2 else { return nil }
      step += 1
      let words = ["local", " words"].map { InfillCell(state: .draft, text: $0, confidence: 1) }
      return InfillStep(
        index: step, cells: step == 1 ? [words[0], .open] : words, changed: [step - 1],
        isLast: step == 2)
    }
  }
}

struct FallbackTests {
  private func both(
    _ transport: ScriptedTransport, _ local: LocalModel = LocalModel(),
    _ change: (inout EngineConfiguration) -> Void = { _ in }
  ) -> FallbackInfiller {
    var configuration = EngineConfiguration.of(.completions)
    change(&configuration)
    return FallbackInfiller(
      configuration, remote: RemoteInfiller(configuration, transport), local: local)
  }

  private func steps(_ infiller: FallbackInfiller, _ request: InfillRequest = letter) async throws
    -> [InfillStep]
  {
    let session = try await infiller.begin(request)
    var steps: [InfillStep] = []
    while let step = try await session.next() { steps.append(step) }
    return steps
  }

  @Test func aServiceThatStopsIsReplacedWithAMessage() async throws {
    let transport = ScriptedTransport(.init(events(chunk(" how"), isDone: false)))
    let steps = try await steps(both(transport))
    #expect(steps.last?.text == "local words")
    #expect(steps.map(\.index) == Array(1...steps.count))
    #expect(
      steps.compactMap(\.notice) == [
        "test: localhost:8000 ended its reply in the middle. Try again. "
          + "Written by Small on this machine"
      ])
    let turn = try #require(steps.first { $0.notice != nil })
    #expect(turn.changed == Array(turn.cells.indices))
  }

  @Test func aServiceThatIsNotThereIsReplaced() async throws {
    let transport = ScriptedTransport { _, _ in throw HTTPFailure.unreachable("no route") }
    let steps = try await steps(both(transport))
    #expect(steps.last?.text == "local words")
    #expect(steps.compactMap(\.notice).first?.contains("no route") == true)
  }

  @Test func aRefusalBeforeTheFirstStepIsTheNoticeOfTheSession() async throws {
    var configuration = EngineConfiguration.of(.completions)
    configuration.kind = .ollama
    configuration.model = nil
    let infiller = FallbackInfiller(
      configuration, remote: RemoteInfiller(configuration, ScriptedTransport(.init())),
      local: LocalModel())
    let session = try await infiller.begin(letter)
    #expect(session.notice?.contains("no model is named") == true)
  }

  @Test func withoutAFallbackTheFailureIsAll() async throws {
    let infiller = both(ScriptedTransport(.init(status: 402))) { $0.fallsBack = false }
    await #expect(throws: RemoteError.self) { try await steps(infiller) }
  }

  @Test func bothReasonsAreGivenWhereNeitherFills() async throws {
    var request = letter
    request.instruction = "shorter"
    do {
      _ = try await steps(both(ScriptedTransport(.init())), request)
      Issue.record("it was filled")
    } catch {
      #expect("\(error)".contains("follows no instructions"))
      #expect("\(error)".hasSuffix("The local model does not help: It cannot."))
    }
  }

  @Test func cancellingIsNoFailure() async throws {
    let transport = ScriptedTransport(.init(stalls: true))
    let session = try await both(transport).begin(letter)
    let waiting = Task { try await session.next() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test func theLocalModelJudgesUnlessTheSettingsNameTheServer() async throws {
    let reply = events([
      "choices": [
        [
          "index": 0, "text": " a", "finish_reason": "stop",
          "logprobs": ["tokens": [" a"], "token_logprobs": [-0.25]],
        ]
      ]
    ])
    for (judge, local, expected) in [
      (EngineConfiguration.Judge.local, -1.0, -1.0), (.server, -1, -0.25), (.local, nil, -0.25),
    ] as [(EngineConfiguration.Judge, Double?, Double)] {
      let infiller = both(ScriptedTransport(.init(reply)), LocalModel(score: local)) {
        $0.judge = judge
      }
      _ = try await steps(infiller)
      let scores = try await infiller.scores(of: ["a"], for: letter)
      #expect(scores.map(\.passage.logProbability) == [expected])
    }
  }
}
