import Networking
import RemoteEngines
import TestSupport
import Testing

/// What the certificate of a server must be.
struct CertificateTests {
  /// What is wrong with a server of this certificate at 127.0.0.1, where the certificates of a file
  /// are trusted, or those of the system; nil for nothing.
  private func failure(_ certificate: String, trusting authorities: String? = nil) async throws
    -> HTTPFailure?
  {
    let server = SocketServer { _, _ in
      [.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    }
    let gateway = try await Gateway.tls(certificate, before: server.port)
    var text = ""
    do {
      let response = try await CurlTransport().send(
        HTTPRequest(
          .get, "https://127.0.0.1:\(gateway.port)/", deadlines: CurlTransportTests.patient,
          authorities: authorities, isDirect: true))
      for try await portion in response.body { text += String(decoding: portion, as: UTF8.self) }
    } catch let failure as HTTPFailure {
      // Nothing is sent before the server is known.
      #expect(server.requests.isEmpty)
      return failure
    }
    #expect(text == "hello")
    return nil
  }

  private func insecure(_ failure: HTTPFailure?) -> String? {
    guard case .insecure(let reason)? = failure else { return nil }
    return reason
  }

  @Test func aCertificateThatTheSystemDoesNotKnowIsRefused() async throws {
    let itself = try #require(insecure(try await failure("itself")))
    #expect(itself.lowercased().contains("self"), "\(itself)")
    #expect(insecure(try await failure("trusted")) != nil)
  }

  @Test func aCertificateIsTrustedByItselfOrByItsAuthority() async throws {
    #expect(try await failure("itself", trusting: Gateway.certificate("itself")) == nil)
    #expect(try await failure("trusted", trusting: Gateway.certificate("authority")) == nil)
  }

  @Test func onlyTheCertificatesOfTheFileAreTrusted() async throws {
    let other = try await failure("trusted", trusting: Gateway.certificate("itself"))
    #expect(insecure(other) != nil)
  }

  @Test func timeAndNameCountAlthoughTheAuthorityIsTrusted() async throws {
    let authority = Gateway.certificate("authority")
    let expired = try #require(insecure(try await failure("expired", trusting: authority)))
    #expect(expired.contains("expired"), "\(expired)")
    let elsewhere = try #require(insecure(try await failure("elsewhere", trusting: authority)))
    #expect(elsewhere.contains("name"), "\(elsewhere)")
  }

  @Test func aFileWithoutCertificatesIsNamed() async throws {
    let home = try Scratch()
    for file in [home.path("none.pem"), try home.file("empty.pem", "none")] {
      guard case .badAuthorities(let reason)? = try await failure("trusted", trusting: file) else {
        Issue.record("\(file) was taken")
        continue
      }
      #expect(reason.contains(file), "\(reason)")
    }
  }
}
