public import Infilling
public import JSON

/// A service that fills passages: what is asked of it, and what its replies mean. A value without
/// network or clock; sessions drive it.
public protocol RemoteEngine: Sendable {
  /// Sessions of several tries at one passage, in the order of the requests. Asks the service for
  /// nothing that a first step does not need.
  func begin(_ requests: [InfillRequest], _ client: EngineClient) async throws
    -> [any InfillSession]

  /// The call that lists the models of the service, or is answered by any that is there.
  var greeting: EngineCall { get }
}

/// An engine whose replies are text, whole or portion by portion.
public protocol TextEngine: RemoteEngine {
  /// The call that fills a gap, so many times.
  func call(_ gap: Gap, tries: Int) -> EngineCall

  /// What one JSON value of a reply says. Throws `RemoteError.Reason` for one that makes no sense.
  func interpret(_ value: JSONValue) throws -> [Reply]

  /// Whether a stopped run goes on from the text that it has.
  var appends: Bool { get }
}

extension RemoteEngine {
  public var greeting: EngineCall { EngineCall("/v1/models") }
}

extension TextEngine {
  public var appends: Bool { true }
}
