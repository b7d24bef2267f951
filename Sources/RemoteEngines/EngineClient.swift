internal import JSON
internal import Streaming

/// What an engine needs to reach its service: the transport, the key, and time that passes.
public struct EngineClient: Sendable {
  public let configuration: EngineConfiguration
  private let transport: any HTTPTransport
  private let key: @Sendable (KeySource) throws -> Secret?
  private let wait: @Sendable (Int) async throws -> Void
  private let random: @Sendable () -> Double

  /// - Parameters:
  ///   - key: gets a key where it is kept; called for each request. Throws `RemoteError.Reason`.
  ///   - wait: returns after so many milliseconds; throws `CancellationError`.
  ///   - random: 0..<1.
  public init(
    _ configuration: EngineConfiguration, transport: any HTTPTransport,
    key: @escaping @Sendable (KeySource) throws -> Secret?,
    wait: @escaping @Sendable (Int) async throws -> Void = {
      try await Task.sleep(for: .milliseconds($0))
    },
    random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
  ) {
    self.configuration = configuration
    self.transport = transport
    self.key = key
    self.wait = wait
    self.random = random
  }

  func error(_ reason: RemoteError.Reason) -> RemoteError { RemoteError(configuration, reason) }

  /// The reply to a call, of status 200, and what is to be known of the way to it. A call that the
  /// service refuses for the moment is repeated as `RetryPolicy` says. Throws `RemoteError`, and
  /// `CancellationError` where the task was cancelled.
  func open(_ call: EngineCall) async throws -> (response: HTTPResponse, notices: [String]) {
    let request: HTTPRequest
    do {
      request = try self.request(call)
    } catch {
      throw mapped(error)
    }
    var notices: [String] = []
    var attempt = 0
    while true {
      let response = try await send(request)
      if response.status == 200 { return (response, notices) }
      let wish = RetryPolicy.wish(of: response)
      attempt += 1
      let delay = RetryPolicy.delay(attempt: attempt, asked: wish, random: random())
      let isBusy = response.status == 429
      guard RetryPolicy.mayPass(response.status), attempt <= RetryPolicy.mostRetries,
        delay <= configuration.patience
      else {
        let fault = await Self.fault(in: response)
        throw error(isBusy ? .busy(milliseconds: wish) : .refused(status: response.status, fault))
      }
      notices.append(
        "\(configuration.name) asked to wait, repeated after \(RemoteError.seconds(delay))")
      try await wait(delay)
    }
  }

  /// The JSON document that answers a call.
  func json(_ call: EngineCall) async throws -> JSONValue {
    let response = try await open(call).response
    let bytes = try await all(of: response)
    guard let value = try? JSONValue(streamed: bytes) else {
      throw error(.notJSON(String(decoding: bytes.prefix(80), as: UTF8.self)))
    }
    if let fault = ServiceFault(value) { throw error(.fault(fault)) }
    return value
  }

  /// The portions of a reply; ends with `RemoteError` or `CancellationError`.
  func portions(of response: HTTPResponse, _ body: ([UInt8]) throws -> Void) async throws {
    do {
      for try await portion in response.body { try body(portion) }
    } catch {
      throw mapped(error)
    }
    // A stream ends without an error where the task that waits for it is cancelled.
    try Task.checkCancellation()
  }

  private func all(of response: HTTPResponse) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    try await portions(of: response) { bytes += $0 }
    return bytes
  }

  private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    do {
      return try await transport.send(request)
    } catch {
      throw mapped(error)
    }
  }

  private func mapped(_ failure: any Error) -> any Error {
    switch failure {
    case let failure as HTTPFailure: error(.transport(failure))
    case let reason as RemoteError.Reason: error(reason)
    default: failure
    }
  }

  private func request(_ call: EngineCall) throws -> HTTPRequest {
    let address = configuration.address
    let secret = try key(configuration.key)
    if secret != nil, !address.isSecure, !address.isLoopback { throw RemoteError.Reason.keyInClear }
    let accepts = call.format == .document ? "application/json" : "text/event-stream, */*"
    var fields = [HTTPField("Accept", accepts), HTTPField("User-Agent", "palimpsest")]
    if call.body != nil { fields.append(HTTPField("Content-Type", "application/json")) }
    return HTTPRequest(
      call.body == nil ? .get : .post, address.address(of: call.path), fields: fields,
      body: call.body.map { Array($0.serialized().utf8) } ?? [], key: secret,
      deadlines: configuration.deadlines, largestReply: StreamLimits.standard.total,
      authorities: configuration.authorities,
      // What is for this machine goes to no other, and a key for it is not encrypted.
      isDirect: address.isLoopback)
  }

  /// The error in the body of a refusal; nil where it has none that can be read.
  private static func fault(in response: HTTPResponse) async -> ServiceFault? {
    var bytes: [UInt8] = []
    do {
      for try await portion in response.body {
        bytes += portion
        if bytes.count > 1 << 16 { break }
      }
    } catch {
      return nil
    }
    return (try? JSONValue(streamed: bytes)).flatMap(ServiceFault.init)
  }
}
