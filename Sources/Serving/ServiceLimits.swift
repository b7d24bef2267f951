/// How much one client, and all of them, may ask for.
public struct ServiceLimits: Sendable, Equatable {
  /// Bytes of a body, and of all headers of a request.
  public var body = 1 << 20
  public var headers = 16 << 10
  /// Spans of one request: prompts times tries.
  public var spans = 16
  /// Tokens of one span.
  public var tokens = 512
  /// Spans that are filled at a time; the steps of those that can be are made together.
  public var running = 8
  /// Spans of all requests that wait for their turn.
  public var waiting = 256
  /// Connections at a time.
  public var connections = 256
  /// Seconds in which a request is answered once it has arrived.
  public var deadline = 120
  /// Seconds in which a request arrives once its headers have.
  public var arrival = 30
  /// Seconds that a connection stays open between requests.
  public var idle = 60

  public init() {}
}
