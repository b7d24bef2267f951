/// What the editor and the commands need of an engine. A session is pulled, step by step: not
/// asking for the next step is a pause, and costs nothing.
public protocol Infiller: Sendable {
  /// Loads the model unless it is loaded. Throws what a person can act on.
  func prepare() async throws -> ModelSummary

  /// Encodes the request and makes its canvas; runs no denoising step.
  func begin(_ request: InfillRequest) async throws -> any InfillSession
}

/// One passage being denoised.
public protocol InfillSession: Sendable {
  /// The canvas before the first step.
  var canvas: [InfillCell] { get }

  /// The next step, or nil after the last. Cancelling the calling task stops the engine between
  /// two layers and throws `CancellationError`.
  func next() async throws -> InfillStep?
}

/// A loaded model in words.
public struct ModelSummary: Sendable, Equatable {
  public var name: String
  public var parameters: Int
  /// Kernel level and weight type, as the status line and `bench` name them.
  public var backend: String

  public init(name: String, parameters: Int, backend: String) {
    self.name = name
    self.parameters = parameters
    self.backend = backend
  }
}
