internal import Commands
internal import Editing
import Infilling
internal import Networking
internal import Platform
internal import RemoteEngines
internal import Settings
internal import Synchronization

/// The engine in use: the local one, or a service with the local one as its fallback.
///
/// Which one is decided when a passage begins; sessions keep the one that they began with. A document
/// that matches a pattern of `[remote] never` has the engine of this machine alone.
final class EngineRouter: Infiller {
  private struct State {
    /// What was chosen, and what is used.
    var chosen: EngineConfiguration?
    var infiller: any Infiller
    var staysHere: Bool
  }

  private let local: any Infiller
  private let engines: [EngineConfiguration]
  private let never: [PathPattern]
  private let transport: any HTTPTransport
  private let state: Mutex<State>

  init(
    local: any Infiller, engines: [EngineConfiguration], never: [PathPattern] = [],
    transport: any HTTPTransport = CurlTransport()
  ) {
    self.local = local
    self.engines = engines
    self.never = never
    self.transport = transport
    state = Mutex(State(infiller: local, staysHere: false))
  }

  /// Uses an engine from now on. Throws for a name that the settings do not have.
  func use(_ name: String) throws(CommandFailure) {
    var engine: EngineConfiguration?
    if name != EngineChoice.local.name {
      engine = engines.first { $0.name == name }
      guard engine != nil else {
        let names = [EngineChoice.local.name] + engines.map(\.name)
        throw CommandFailure(
          "No engine \(name). config.toml has \(names.joined(separator: ", ")).")
      }
    }
    state.withLock { state in
      state.chosen = engine
      state.infiller = infiller(engine, staysHere: state.staysHere)
    }
  }

  /// Looks whether documents of these paths may be sent anywhere. One that may not keeps all of them
  /// here.
  func attend(to paths: [String]) {
    let paths = paths.flatMap(Files.absolutePaths)
    let staysHere = paths.contains { path in never.contains { $0.matches(path) } }
    state.withLock { state in
      guard state.staysHere != staysHere else { return }
      state.staysHere = staysHere
      state.infiller = infiller(state.chosen, staysHere: staysHere)
    }
  }

  /// The engine in use, for the editor.
  var status: EngineStatus {
    state.withLock { state in
      guard let engine = state.chosen else { return EngineStatus() }
      if state.staysHere { return EngineStatus(staysHere: true) }
      return EngineStatus(EngineChoice(engine))
    }
  }

  private func infiller(_ engine: EngineConfiguration?, staysHere: Bool) -> any Infiller {
    guard let engine, !staysHere else { return local }
    let remote = RemoteInfiller(EngineClient(engine, over: transport))
    return FallbackInfiller(engine, remote: remote, local: local)
  }

  private var current: any Infiller { state.withLock { $0.infiller } }

  func prepare() async throws -> ModelSummary { try await current.prepare() }

  func outline() async throws -> ModelOutline { try await current.outline() }

  func begin(_ request: InfillRequest) async throws -> any InfillSession {
    try await current.begin(request)
  }

  func begin(candidates requests: [InfillRequest]) async throws -> [any InfillSession] {
    try await current.begin(candidates: requests)
  }

  func readAhead(_ request: InfillRequest) async throws { try await current.readAhead(request) }

  func scores(of texts: [String], for request: InfillRequest) async throws -> [CandidateScore] {
    try await current.scores(of: texts, for: request)
  }

  func glance(at pictures: PictureContext) async throws -> (
    seen: [PictureGlance], unread: [UnreadPicture]
  ) { try await current.glance(at: pictures) }

  func doubts(about request: DoubtRequest) async throws -> [WordDoubt] {
    try await current.doubts(about: request)
  }
}

extension EngineRouter {
  /// The engines of the settings over that of this machine; uses the one of a name, else that of the
  /// settings. Throws for a name that they do not have.
  convenience init(local: any Infiller, _ configuration: Configuration, using name: String?)
    throws(CommandFailure)
  {
    let home = Directories.home()
    self.init(
      local: local, engines: configuration.engines,
      never: configuration.neverRemote.map { PathPattern($0, home: home) })
    if let name = name ?? configuration.engine { try use(name) }
  }
}

extension EngineChoice {
  init(_ engine: EngineConfiguration) {
    self.init(name: engine.name, place: engine.address.place, detail: engine.kind.rawValue)
  }
}
