internal import DecodingPolicies
public import Infilling
internal import Synchronization

/// Fills passages with a service.
///
/// Reads nothing ahead and scores no words: text leaves the machine only for a passage that is asked
/// for.
public struct RemoteInfiller: Infiller {
  let client: EngineClient
  private let scored = ScoredTexts()

  public init(_ client: EngineClient) { self.client = client }

  public var configuration: EngineConfiguration { client.configuration }

  /// What the settings say of the engine. Calls nothing: a service that is not there is reported by
  /// the passage that needs it.
  public func prepare() async throws -> ModelSummary {
    let configuration = client.configuration
    _ = try configuration.engine()
    let capabilities = configuration.kind.capabilities
    return ModelSummary(
      name: configuration.model ?? configuration.name, parameters: 0,
      backend: configuration.kind.rawValue, followsInstructions: capabilities.instructions,
      takesGuidance: false, modes: [.diffusion], knowsProbabilities: capabilities.confidences)
  }

  public func begin(_ request: InfillRequest) async throws -> any InfillSession {
    try await sessions([request])[0]
  }

  /// Tries after the first are drawn at `temperature` where the request asks for none, for a service
  /// that takes the likeliest token writes the same again.
  public func begin(candidates requests: [InfillRequest]) async throws -> [any InfillSession] {
    try await sessions(
      requests.enumerated().map { number, request in
        var request = request
        if number > 0, request.settings.temperature == 0 {
          request.settings.temperature = Self.temperature
          request.settings.seed &+= UInt64(number)
        }
        return request
      })
  }

  private static let temperature = 0.7

  private func sessions(_ requests: [InfillRequest]) async throws -> [any InfillSession] {
    let engine = try client.configuration.engine()
    for request in requests {
      if request.instruction != nil, !client.configuration.kind.capabilities.instructions {
        throw client.error(.followsNoInstructions)
      }
      // The editor's need not be read: pictures stay on this machine.
      if request.pictures.mustBeRead, !request.pictures.paths.isEmpty {
        throw client.error(.seesNoPictures)
      }
      guard request.settings.mode == .diffusion else { throw client.error(.onlyDiffusion) }
    }
    guard let text = engine as? any TextEngine else {
      return try await engine.begin(requests, client)
    }
    return text.sessions(requests, client) { [scored] in scored.add($0, $1) }
  }

  /// The probabilities that the service returned with the texts; empty unless it did for each.
  public func scores(of texts: [String], for request: InfillRequest) async throws
    -> [CandidateScore]
  {
    let scores = texts.compactMap(scored.score)
    return scores.count == texts.count ? scores : []
  }
}

/// Scores of the last texts that a service returned.
private final class ScoredTexts: Sendable {
  private static let most = 256
  private let state = Mutex<[(text: String, score: CandidateScore)]>([])

  func add(_ text: String, _ score: CandidateScore) {
    state.withLock { list in
      list.removeAll { $0.text == text }
      list.append((text, score))
      list.removeFirst(max(0, list.count - Self.most))
    }
  }

  func score(_ text: String) -> CandidateScore? {
    state.withLock { $0.first { $0.text == text }?.score }
  }
}
