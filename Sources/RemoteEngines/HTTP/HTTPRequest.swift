/// A request to a service.
public struct HTTPRequest: Sendable, Equatable {
  /// An absolute address, `http` or `https`.
  public var address: String
  public var method: Method
  public var fields: [HTTPField]
  public var body: [UInt8]
  /// Sent as `Authorization: Bearer`.
  public var key: Secret?
  public var deadlines: Deadlines
  /// Bytes of the reply at which it is given up.
  public var largestReply: Int
  /// A PEM file with the only certificates to trust; nil trusts those of the system.
  public var authorities: String?
  /// Whether proxies of the environment are passed over.
  public var isDirect: Bool

  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  public init(
    _ method: Method, _ address: String, fields: [HTTPField] = [], body: [UInt8] = [],
    key: Secret? = nil, deadlines: Deadlines = Deadlines(), largestReply: Int = 4 << 20,
    authorities: String? = nil, isDirect: Bool = false
  ) {
    self.method = method
    self.address = address
    self.fields = fields
    self.body = body
    self.key = key
    self.deadlines = deadlines
    self.largestReply = largestReply
    self.authorities = authorities
    self.isDirect = isDirect
  }
}

/// A header field.
public struct HTTPField: Sendable, Equatable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How long the phases of a request may take, in milliseconds.
public struct Deadlines: Sendable, Equatable {
  /// Name look-up, connection and TLS.
  public var connect: Int
  /// From the beginning to the first byte of the reply's body.
  public var answer: Int
  /// Between two portions of the reply.
  public var silence: Int
  /// All of it.
  public var total: Int

  public init(
    connect: Int = 5000, answer: Int = 20_000, silence: Int = 10_000, total: Int = 60_000
  ) {
    self.connect = connect
    self.answer = answer
    self.silence = silence
    self.total = total
  }
}

/// A reply whose head has arrived.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var fields: [HTTPField]
  /// The body in the portions in which it arrives. Ends with `HTTPFailure`. Letting go of it, or
  /// cancelling the task that waits for it, closes the connection.
  public var body: AsyncThrowingStream<[UInt8], any Error>

  public init(
    status: Int, fields: [HTTPField] = [], body: AsyncThrowingStream<[UInt8], any Error>
  ) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The value of the first field of a name, whose case does not matter.
  public func field(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// Sends requests. The one of this machine is in `Networking`; tests have scripted ones.
public protocol HTTPTransport: Sendable {
  /// The reply once its head is there, whatever its status. Throws `HTTPFailure`. Cancelling the
  /// calling task closes the connection and throws `CancellationError`.
  func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// Why there is no reply, or no end of it.
public enum HTTPFailure: Error, Sendable, Equatable {
  /// No connection, in the words of the library: no such host, connection refused.
  case unreachable(String)
  /// No connection to the proxy of the environment.
  case proxyUnreachable(String)
  /// The proxy does not connect to the service, and answers with this status.
  case proxyRefused(status: Int)
  /// The certificate or the encryption was refused.
  case insecure(String)
  /// The file of trusted certificates cannot be used.
  case badAuthorities(String)
  case timedOut(Phase)
  /// The connection ended before the reply did.
  case brokenOff(String)
  case tooLong(limit: Int)
  /// The library that speaks HTTP is not installed.
  case unavailable(String)

  public enum Phase: Sendable, Equatable { case connect, answer, silence, total }
}
