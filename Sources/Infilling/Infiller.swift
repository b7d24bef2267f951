public import DecodingPolicies

/// What the editor and the commands need of an engine. A session is pulled, step by step: not
/// asking for the next step is a pause, and costs nothing.
public protocol Infiller: Sendable {
  /// Loads the model unless it is loaded. Throws what a person can act on.
  func prepare() async throws -> ModelSummary

  /// What the model can do, as far as that is known without loading it. Throws where it cannot be read.
  func outline() async throws -> ModelOutline

  /// Encodes the request and makes its canvas; runs no denoising step.
  func begin(_ request: InfillRequest) async throws -> any InfillSession

  /// Sessions of several candidates of one passage, in the order of the requests, whose steps may
  /// be computed together: where one is asked for its next step, the others' may be made with it.
  func begin(candidates requests: [InfillRequest]) async throws -> [any InfillSession]

  /// Reads the text around a passage that may be filled next, as far as that is of use for a later
  /// `begin` of the same request. Nothing before the model is loaded, nor for an engine that keeps
  /// nothing. Cancelling the calling task ends it between two layers.
  func readAhead(_ request: InfillRequest) async throws

  /// How well each text reads in the place of the request's passage, in the order given. Empty from
  /// an engine that cannot compare texts.
  func scores(of texts: [String], for request: InfillRequest) async throws -> [CandidateScore]

  /// What pictures would cost, from their headers, and those that cannot be read. Loads no model.
  /// Nothing from an engine that is sent no pictures; throws for a model that sees none.
  func glance(at pictures: PictureContext) async throws -> (
    seen: [PictureGlance], unread: [UnreadPicture]
  )

  /// How much the model doubts each word of the request, in its order. Empty from an engine that
  /// cannot score words. Cancelling the calling task ends it between two layers.
  func doubts(about request: DoubtRequest) async throws -> [WordDoubt]
}

extension Infiller {
  public func outline() async throws -> ModelOutline { ModelOutline() }

  public func begin(candidates requests: [InfillRequest]) async throws -> [any InfillSession] {
    var sessions: [any InfillSession] = []
    for request in requests { sessions.append(try await begin(request)) }
    return sessions
  }

  public func readAhead(_ request: InfillRequest) async throws {}

  public func scores(of texts: [String], for request: InfillRequest) async throws
    -> [CandidateScore]
  { [] }

  public func glance(at pictures: PictureContext) async throws -> (
    seen: [PictureGlance], unread: [UnreadPicture]
  ) { ([], []) }

  public func doubts(about request: DoubtRequest) async throws -> [WordDoubt] { [] }
}

/// One passage being denoised.
public protocol InfillSession: Sendable {
  /// The canvas before the first step.
  var canvas: [InfillCell] { get }

  /// What a person should know of how the passage is filled, a phrase without a full stop; nil
  /// where there is nothing unusual.
  var notice: String? { get }

  /// Pictures of the request that the model does not see.
  var unreadPictures: [UnreadPicture] { get }

  /// The next step, or nil after the last. Cancelling the calling task stops the engine between
  /// two layers and throws `CancellationError`.
  func next() async throws -> InfillStep?
}

extension InfillSession {
  public var notice: String? { nil }
  public var unreadPictures: [UnreadPicture] { [] }
}

/// A loaded model in words.
public struct ModelSummary: Sendable, Equatable {
  public var name: String
  public var parameters: Int
  /// Kernel level and weight type, as the status line and `bench` name them.
  public var backend: String
  /// Whether requests may carry an instruction.
  public var followsInstructions: Bool
  /// Whether guidance has an effect: whether the model was trained for diffusion.
  public var takesGuidance: Bool
  /// The modes that its weights allow.
  public var modes: Set<DecodingMode>
  /// Whether its diffusion mode is a search among drafts, so that every try differs by its seed.
  public var searches: Bool
  /// Whether tokens come with their probabilities; without them, a confidence says nothing.
  public var knowsProbabilities: Bool
  /// Whether requests may carry pictures.
  public var seesPictures: Bool

  public init(
    name: String, parameters: Int, backend: String, followsInstructions: Bool = false,
    takesGuidance: Bool = true, modes: Set<DecodingMode> = [.diffusion],
    searches: Bool = false, knowsProbabilities: Bool = true, seesPictures: Bool = false
  ) {
    self.name = name
    self.parameters = parameters
    self.backend = backend
    self.followsInstructions = followsInstructions
    self.takesGuidance = takesGuidance
    self.modes = modes
    self.searches = searches
    self.knowsProbabilities = knowsProbabilities
    self.seesPictures = seesPictures
  }

  /// Whether a passage is searched for with these settings.
  public func searches(_ settings: DecodingConfiguration) -> Bool {
    settings.allowsSearch && (searches || settings.mode == .search)
  }
}
