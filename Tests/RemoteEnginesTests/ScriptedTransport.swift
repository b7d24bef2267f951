import DecodingPolicies
import Infilling
import JSON
import RemoteEngines
import Synchronization

/// A service that answers as it is told, and keeps what it was asked.
final class ScriptedTransport: HTTPTransport {
  struct Answer: Sendable {
    var status = 200
    var fields: [HTTPField] = []
    var portions: [[UInt8]] = []
    /// Nothing follows, and no end.
    var stalls = false
    var failure: HTTPFailure?

    init(
      status: Int = 200, fields: [HTTPField] = [], _ portions: String..., stalls: Bool = false,
      failure: HTTPFailure? = nil
    ) {
      self.status = status
      self.fields = fields
      self.portions = portions.map { Array($0.utf8) }
      self.stalls = stalls
      self.failure = failure
    }
  }

  private let answer: @Sendable (HTTPRequest, Int) throws -> Answer
  private let state = Mutex((requests: [HTTPRequest](), closed: 0))

  /// `answer` gets a request and the number of those before it.
  init(_ answer: @escaping @Sendable (HTTPRequest, Int) throws -> Answer) {
    self.answer = answer
  }

  convenience init(_ answers: Answer...) {
    self.init { _, number in answers[min(number, answers.count - 1)] }
  }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }
  /// Bodies that were let go of before their end.
  var closed: Int { state.withLock { $0.closed } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    let answer = try answer(request, number)
    let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
    continuation.onTermination = { [self] termination in
      if case .cancelled = termination { state.withLock { $0.closed += 1 } }
    }
    for portion in answer.portions { continuation.yield(portion) }
    if let failure = answer.failure {
      continuation.finish(throwing: failure)
    } else if !answer.stalls {
      continuation.finish()
    }
    return HTTPResponse(status: answer.status, fields: answer.fields, body: stream)
  }
}

extension HTTPRequest {
  var json: JSONValue { get throws { try .parse(body, file: "body") } }
}

/// Events of a stream, one for each value, and the mark at its end.
func events(_ values: JSONValue..., isDone: Bool = true) -> String {
  values.map { "data: \($0.serialized())\n\n" }.joined() + (isDone ? "data: [DONE]\n\n" : "")
}

/// A chunk of a completion.
func chunk(_ text: String, index: Int = 0, finish: String? = nil) -> JSONValue {
  [
    "choices": [
      [
        "index": .integer(index), "text": .string(text),
        "finish_reason": finish.map(JSONValue.string) ?? .null,
      ]
    ]
  ]
}

extension EngineConfiguration {
  /// An engine of a kind at its standard address.
  static func of(_ kind: EngineKind, model: String? = "m", key: KeySource? = KeySource.none)
    -> EngineConfiguration
  {
    EngineConfiguration(
      name: "test", kind: kind, address: EngineAddress(kind.standardAddress)!, model: model,
      key: key)
  }
}

extension RemoteInfiller {
  /// An engine that waits for nothing.
  init(_ configuration: EngineConfiguration, _ transport: ScriptedTransport) {
    self.init(
      EngineClient(configuration, transport: transport) { source in
        source == .none ? nil : Secret("sk-secret")
      } wait: { _ in
      } random: {
        0
      })
  }

  /// The steps of a passage.
  func steps(_ request: InfillRequest) async throws -> [InfillStep] {
    let session = try await begin(request)
    var steps: [InfillStep] = []
    while let step = try await session.next() { steps.append(step) }
    return steps
  }
}

let letter = InfillRequest(
  prefix: "Dear Clara, ", original: "thank you for the letter",
  suffix: ". It came on the wettest day.", settings: DecodingConfiguration())
