internal import DecodingPolicies
public import Infilling

/// A service and the model of this machine together: the service drafts, the model judges, scores
/// words, and fills what the service does not.
public struct FallbackInfiller: Infiller {
  private let remote: any Infiller
  private let local: any Infiller
  private let configuration: EngineConfiguration

  public init(
    _ configuration: EngineConfiguration, remote: any Infiller, local: any Infiller
  ) {
    self.configuration = configuration
    self.remote = remote
    self.local = local
  }

  public func prepare() async throws -> ModelSummary { try await remote.prepare() }

  public func begin(_ request: InfillRequest) async throws -> any InfillSession {
    try await begin(candidates: [request])[0]
  }

  public func begin(candidates requests: [InfillRequest]) async throws -> [any InfillSession] {
    do {
      let sessions =
        requests.count == 1
        ? [try await remote.begin(requests[0])] : try await remote.begin(candidates: requests)
      return zip(sessions, requests).map { session, request in
        FallbackSession(session) { try await substitute(for: request, $0) }
      }
    } catch {
      var sessions: [any InfillSession] = []
      for request in requests {
        let (session, notice) = try await substitute(for: request, error)
        sessions.append(NoticedSession(session, notice: notice))
      }
      return sessions
    }
  }

  /// A session of the local model in place of one that failed, and what the reader must know. Throws
  /// the failure where there is no such session.
  private func substitute(
    for request: InfillRequest, _ failure: any Error
  ) async throws -> (any InfillSession, notice: String) {
    guard configuration.fallsBack, !(failure is CancellationError) else { throw failure }
    do {
      let model = try await local.prepare()
      var request = request
      if !model.modes.contains(request.settings.mode), model.modes.contains(.autoregressive) {
        request.settings.mode = .autoregressive
      }
      return (try await local.begin(request), "\(failure) Written by \(model.name) on this machine")
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw FallbackError(failure: "\(failure)", local: "\(error)")
    }
  }

  /// By the local model unless the settings name the service, and by the other where one cannot.
  public func scores(of texts: [String], for request: InfillRequest) async throws
    -> [CandidateScore]
  {
    if configuration.judge == .server {
      let scores = try await remote.scores(of: texts, for: request)
      if !scores.isEmpty { return scores }
    }
    do {
      let scores = try await local.scores(of: texts, for: request)
      if !scores.isEmpty { return scores }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      let scores = try await remote.scores(of: texts, for: request)
      if scores.isEmpty { throw error }
      return scores
    }
    return try await remote.scores(of: texts, for: request)
  }

  /// By the local model: words are scored all the time, and the text around them stays here.
  public func doubts(about request: DoubtRequest) async throws -> [WordDoubt] {
    try await local.doubts(about: request)
  }
}

/// Neither the service nor the local model fills a passage.
struct FallbackError: Error, CustomStringConvertible {
  let failure: String
  let local: String

  var description: String { "\(failure) The local model does not help: \(local)" }
}

/// A session that goes on with another where it fails.
actor FallbackSession: InfillSession {
  nonisolated let canvas: [InfillCell]
  nonisolated let notice: String?
  nonisolated let unreadPictures: [UnreadPicture]
  private var session: any InfillSession
  /// nil once it was used.
  private var substitute:
    (@Sendable (any Error) async throws -> (any InfillSession, notice: String))?
  /// Steps of the session that failed.
  private var made = 0
  private var lastIndex = 0
  /// What the next step reports.
  private var news: String?

  init(
    _ session: any InfillSession,
    substitute: @escaping @Sendable (any Error) async throws -> (any InfillSession, notice: String)
  ) {
    self.session = session
    self.substitute = substitute
    canvas = session.canvas
    notice = session.notice
    unreadPictures = session.unreadPictures
  }

  func next() async throws -> InfillStep? {
    do {
      return try await stepOfSession()
    } catch {
      guard let substitute, !(error is CancellationError), !Task.isCancelled else { throw error }
      let (other, notice) = try await substitute(error)
      self.substitute = nil
      session = other
      made = lastIndex
      news = notice
      return try await stepOfSession()
    }
  }

  private func stepOfSession() async throws -> InfillStep? {
    guard var step = try await session.next() else { return nil }
    step.index += made
    lastIndex = step.index
    if let news {
      step.notice = news
      // All cells are others.
      step.changed = Array(step.cells.indices)
      step.delta = nil
    }
    news = nil
    return step
  }
}

/// A session with a notice of its own.
private struct NoticedSession: InfillSession {
  let session: any InfillSession
  let notice: String?

  init(_ session: any InfillSession, notice: String) {
    self.session = session
    self.notice = session.notice.map { "\(notice). \($0)" } ?? notice
  }

  var canvas: [InfillCell] { session.canvas }
  var unreadPictures: [UnreadPicture] { session.unreadPictures }

  func next() async throws -> InfillStep? { try await session.next() }
}
