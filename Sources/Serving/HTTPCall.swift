/// A request as it arrived: its parts, not yet understood.
public struct HTTPCall: Sendable, Equatable {
  public var method: String
  /// Without the query.
  public var path: String
  /// Values by name in lower case; of several headers with one name the first.
  public var headers: [String: String]
  public var body: [UInt8]

  public init(
    method: String, target: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    path = String(target.prefix { $0 != "?" && $0 != "#" })
    self.headers = Dictionary(
      headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    self.body = body
  }
}

/// An answer that is sent whole.
public struct Reply: Sendable, Equatable {
  public var status: Int
  public var contentType: String
  /// Beside type and length.
  public var headers: [String: String]
  public var body: [UInt8]

  public init(
    status: Int = 200, contentType: String, headers: [String: String] = [:], body: [UInt8]
  ) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }
}

/// Where an answer goes. A call suspends while the client does not read; it throws once the client
/// is gone.
public protocol ReplyWriter: Sendable {
  /// Sends a whole answer. Not after `beginEvents`.
  func send(_ reply: Reply) async throws
  /// Begins an answer of server-sent events, with status 200.
  func beginEvents() async throws
  /// Sends whole events.
  func send(events: [UInt8]) async throws
}
