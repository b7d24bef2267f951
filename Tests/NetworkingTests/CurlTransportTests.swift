import Networking
import RemoteEngines
import TestSupport
import Testing

struct CurlTransportTests {
  private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  /// For replies that are no test of deadlines: a test may wait longer for its thread than the
  /// program waits for a service.
  static let patient = Deadlines(
    connect: 600_000, answer: 600_000, silence: 600_000, total: 600_000)

  private func request(
    _ server: SocketServer, body: String = "{}", deadlines: Deadlines = patient,
    largest: Int = 1 << 20, key: Secret? = nil
  ) -> HTTPRequest {
    HTTPRequest(
      .post, "http://127.0.0.1:\(server.port)/path", fields: [HTTPField("X-Field", "value")],
      body: Array(body.utf8), key: key, deadlines: deadlines, largestReply: largest)
  }

  private func all(_ response: HTTPResponse) async throws -> String {
    var bytes: [UInt8] = []
    for try await portion in response.body { bytes += portion }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func failure(
    _ acts: [SocketServer.Act], deadlines: Deadlines = patient, largest: Int = 1 << 20
  ) async -> HTTPFailure? {
    let server = SocketServer { _, _ in acts }
    do {
      let request = request(server, deadlines: deadlines, largest: largest)
      _ = try await all(CurlTransport().send(request))
      return nil
    } catch {
      return error as? HTTPFailure
    }
  }

  @Test func aRequestArrivesAndItsReplyComesInPortions() async throws {
    let server = SocketServer { _, _ in
      [.write(Self.head), .write("5\r\nfirst\r\n"), .write("7\r\n second\r\n0\r\n\r\n")]
    }
    let response = try await CurlTransport().send(
      request(server, body: "{\"a\":1}", key: Secret("sk-1")))
    #expect(response.status == 200)
    #expect(response.field("transfer-encoding") == "chunked")
    #expect(try await all(response) == "first second")
    let sent = try #require(server.requests.first)
    #expect(sent.hasPrefix("POST /path HTTP/1.1\r\n"))
    #expect(sent.contains("\r\nX-Field: value\r\n"))
    #expect(sent.contains("\r\nAuthorization: Bearer sk-1\r\n"))
    #expect(!sent.contains("Expect"))
    #expect(sent.hasSuffix("\r\n\r\n{\"a\":1}"))
  }

  @Test func aConnectionIsUsedAgain() async throws {
    let server = SocketServer { _, number in
      [.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")]
    }
    // The reply may be there a moment before the connection is free.
    for number in 0..<9 {
      let response = try await CurlTransport().send(request(server))
      #expect(try await all(response) == "\(number)")
    }
    #expect(server.connections < 9)
  }

  @Test func portionsArriveBeforeTheEnd() async throws {
    let server = SocketServer { _, _ in
      [.write(Self.head + "5\r\nfirst\r\n"), .waitForHangUp]
    }
    var response: HTTPResponse? = try await CurlTransport().send(request(server))
    var portions = try #require(response).body.makeAsyncIterator()
    #expect(try await portions.next().map { String(decoding: $0, as: UTF8.self) } == "first")
    #expect(server.hungUp == 0)
    response = nil
    let waiting = Task { [portions] in
      var portions = portions
      return try await portions.next()
    }
    waiting.cancel()
    _ = try? await waiting.value
    try await eventually("the connection to be closed") { server.hungUp == 1 }
  }

  @Test func cancellingBeforeTheReplyClosesTheConnection() async throws {
    let server = SocketServer { _, _ in [.waitForHangUp] }
    let request = request(server)
    let waiting = Task { try await CurlTransport().send(request).status }
    try await eventually("the request") { !server.requests.isEmpty }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    try await eventually("the connection to be closed") { server.hungUp == 1 }
  }

  @Test func lettingGoOfTheReplyClosesTheConnection() async throws {
    let server = SocketServer { _, _ in [.write(Self.head), .waitForHangUp] }
    _ = try await CurlTransport().send(request(server)).status
    try await eventually("the connection to be closed") { server.hungUp == 1 }
  }

  @Test func eachPhaseHasItsDeadline() async {
    let short = 50
    #expect(
      await failure([.waitForHangUp], deadlines: Deadlines(answer: short))
        == .timedOut(.answer))
    #expect(
      await failure(
        [.write(Self.head + "1\r\na\r\n"), .waitForHangUp], deadlines: Deadlines(silence: short))
        == .timedOut(.silence))
    #expect(
      await failure(
        [.write(Self.head + "1\r\na\r\n"), .waitForHangUp], deadlines: Deadlines(total: short))
        == .timedOut(.total))
  }

  @Test func aReplyThatBreaksOffIsNoReply() async {
    for acts in [
      [.close], [.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .close],
      [.write(Self.head + "5\r\nfi"), .close], [.write(Self.head + "x\r\n"), .close],
    ] as [[SocketServer.Act]] {
      guard case .brokenOff? = await failure(acts) else {
        Issue.record("\(acts) was taken")
        continue
      }
    }
  }

  @Test func aReplyBeyondTheLimitIsRefused() async {
    let text = String(repeating: "x", count: 5000)
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(text)"
    #expect(await failure([.write(reply)], largest: 4999) == .tooLong(limit: 4999))
    #expect(await failure([.write(reply)], largest: 5000) == nil)
  }

  @Test func redirectsAreNotFollowed() async throws {
    let server = SocketServer { _, _ in
      [.write("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")]
    }
    let response = try await CurlTransport().send(request(server, key: Secret("sk-1")))
    #expect(response.status == 302)
    #expect(try await all(response) == "")
    #expect(server.requests.count == 1)
  }

  @Test func whereNobodyListensNothingIsReached() async throws {
    let port = SocketServer { _, _ in [] }.port
    for address in ["http://127.0.0.1:\(port)", "http://host.invalid", "ftp://127.0.0.1"] {
      do {
        _ = try await CurlTransport().send(HTTPRequest(.get, address))
        Issue.record("\(address) was reached")
      } catch let failure as HTTPFailure {
        switch failure {
        case .unreachable, .brokenOff, .timedOut(.connect): break
        default: Issue.record("\(failure)")
        }
      }
    }
  }
}
