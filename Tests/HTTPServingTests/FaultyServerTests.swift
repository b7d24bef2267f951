import FaultyServer
import Testing

/// The faulty server does what its faults say: clients are tested against it.
@Suite struct FaultyServerTests {
  private let request = TestClient.request("POST", "/v1/completions", #"{"prompt": "a"}"#)

  /// What arrives until the connection ends, or until it is more than a good server sends.
  private func answer(_ fault: Fault, _ dialect: Dialect) async throws -> String {
    let server = FaultyServer(fault, dialect)
    let port = try await server.start()
    let text = try await TestClient.exchange(port, [request]) { $0.utf8.count > 100_000 }
    try await server.end()
    return text
  }

  @Test(arguments: Dialect.allCases) func faultsThatEndDoSo(dialect: Dialect) async throws {
    for fault in Fault.allCases where !fault.isEndless {
      let text = try await answer(fault, dialect)
      if fault.isHarmless {
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("façade"), "\(fault)")
      }
      #expect((fault == .closesAtOnce) == text.isEmpty, "\(fault)")
    }
  }

  @Test func floodsFlood() async throws {
    for fault in [Fault.floods, .sendsEndlessLine, .sendsEndlessHead, .sendsHugeEvent] {
      #expect(try await answer(fault, .completions).utf8.count > 100_000, "\(fault)")
    }
  }

  @Test func aStalledConnectionIsTheClientsToClose() async throws {
    let server = FaultyServer(.stallsInCharacter, .completions)
    let port = try await server.start()
    let text = try await TestClient.exchange(port, [request]) { $0.contains("the old ") }
    #expect(text.hasPrefix("HTTP/1.1 200 OK"))
    while server.openConnections > 0 { try await Task.sleep(for: .milliseconds(2)) }
    #expect(server.hungUp == 1 && server.requests.count == 1)
    #expect(server.requests[0].hasSuffix(#"{"prompt": "a"}"#))
    try await server.end()
  }

  @Test func itHealsAfterSoManyRequests() async throws {
    let server = FaultyServer(.limitsRate, .completions, healsAfter: 1)
    let port = try await server.start()
    let first = try await TestClient.exchange(port, [request])
    #expect(first.hasPrefix("HTTP/1.1 429") && first.contains("Retry-After: 1\r\n"))
    #expect(try await TestClient.exchange(port, [request]).contains("[DONE]"))
    try await server.end()
  }
}
