import Testing

@testable import Serving

@Suite struct AccessTests {
  private func call(_ headers: [(name: String, value: String)]) -> HTTPCall {
    HTTPCall(method: "GET", target: "/v1/models", headers: headers)
  }

  @Test func theTokenIsWanted() throws {
    let access = Access(token: "0123456789abcdef")
    try access.check(call([("Authorization", "Bearer 0123456789abcdef")]))
    try access.check(call([("authorization", "bearer 0123456789abcdef"), ("Origin", "http://x")]))
    for wrong in [
      "Bearer 0123456789abcdeF", "Bearer 0123456789abcde", "0123456789abcdef", "Bearer ", "",
      "Basic 0123456789abcdef", "Bearer 0123456789abcdef0",
    ] {
      #expect(throws: ServiceError.unauthorized) {
        try access.check(call([("Authorization", wrong)]))
      }
    }
    #expect(throws: ServiceError.unauthorized) { try access.check(call([])) }
  }

  /// Without a token, pages in a browser on this machine are kept out.
  @Test func pagesAreKeptOut() throws {
    let access = Access(token: nil)
    for host in ["localhost:8012", "127.0.0.1:8012", "127.0.0.1", "[::1]:8012", "LOCALHOST"] {
      try access.check(call([("Host", host)]))
    }
    try access.check(call([]))
    for host in [
      "evil.example:8012", "127.0.0.1.evil.example", "10.0.0.2", "[::2]:8012", "localhost.evil",
    ] {
      #expect(throws: ServiceError.foreign(header: "Host", value: host)) {
        try access.check(call([("Host", host)]))
      }
    }
    #expect(throws: ServiceError.foreign(header: "Origin", value: "https://evil.example")) {
      try access.check(call([("Host", "localhost:8012"), ("Origin", "https://evil.example")]))
    }
  }

  @Test(arguments: ["127.0.0.1", "127.8.9.200", "::1", "::ffff:127.0.0.1"])
  func loopback(address: String) { #expect(Access.isLoopback(address: address)) }

  @Test(arguments: [
    "0.0.0.0", "::", "128.0.0.1", "127.0.0", "127.0.0.256", "10.0.0.1", "", "fe80::1",
  ])
  func notLoopback(address: String) { #expect(!Access.isLoopback(address: address)) }
}
