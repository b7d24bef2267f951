public import Infilling
internal import Platform
public import Tensors

/// Fills passages with a model on this machine.
///
/// With temperature 0 the most probable tokens are taken and the seed changes nothing; another seed
/// gives another text only above 0. About 0.7 gives variety that still reads well.
public struct LocalInfiller: Infiller {
  public let engine: Engine
  let outlines: OutlineReader

  /// Loads nothing yet: `prepare` and `begin` do, in the background. Paths, names and defaults are
  /// those of `ModelSource`. Throws for kernels that this machine does not run.
  public init(
    model: String? = nil, adapter: String? = nil, kernels: KernelLevel? = nil,
    threads: Int? = nil, weights: LinearWeights.Format? = nil,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    onPictures: @escaping @Sendable (PictureProgress) -> Void = { _ in }
  ) throws {
    if kernels == nil { _ = try KernelLevel.preferred() }
    let source = ModelSource(
      model: model, adapter: adapter, kernels: kernels, threads: threads, weights: weights)
    engine = Engine(source, onProgress: onProgress, onPictures: onPictures)
    outlines = OutlineReader(source)
  }

  public func prepare() async throws -> ModelSummary { try await engine.prepare() }

  public func begin(_ request: InfillRequest) async throws -> any InfillSession {
    try await begin(candidates: [request])[0]
  }

  public func begin(candidates requests: [InfillRequest]) async throws -> [any InfillSession] {
    try await engine.begin(requests).map { LocalSession(engine: engine, $0) }
  }

  public func readAhead(_ request: InfillRequest) async throws {
    try await engine.readAhead(request)
  }

  public func doubts(about request: DoubtRequest) async throws -> [WordDoubt] {
    try await doubtReport(about: request).doubts
  }

  /// As `doubts(about:)`, with what it took.
  public func doubtReport(about request: DoubtRequest) async throws -> DoubtReport {
    try await engine.doubts(about: request)
  }
}

/// A session of the engine; letting go of it closes it.
final class LocalSession: InfillSession {
  let canvas: [InfillCell]
  let notice: String?
  let unreadPictures: [UnreadPicture]
  private let engine: Engine
  private let id: Int

  init(engine: Engine, _ session: Engine.OpenedSession) {
    self.engine = engine
    id = session.id
    canvas = session.canvas
    notice = session.notice
    unreadPictures = session.unread
  }

  deinit {
    let (engine, id) = (engine, id)
    Task.detached(executorPreference: BackgroundThreads.shared) { await engine.close(id) }
  }

  func next() async throws -> InfillStep? { try await engine.next(id) }
}
