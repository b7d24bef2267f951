import FaultyServer
import Platform
import TestSupport
import Testing

@testable import palimpsest

/// Engines behind proxies of the environment and behind certificates, for the whole program. Names end
/// in `.invalid`, which none but the proxy is asked for, or in `.localhost`.
@Suite struct ProxyTests {
  private let home: Scratch

  init() throws { home = try Scratch() }

  /// Has `palimpsest fill` write a passage by the engine at `base`. The local model does not help.
  /// Waits on another thread than those that the server needs.
  private func fill(
    _ base: String, settings: String = "", _ environment: [String: String] = [:]
  ) async throws -> BuiltProgram.Result {
    try Files.makeFolder(home.path("config"))
    try Files.makeFolder(home.path("config/palimpsest"))
    try home.file(
      "config/palimpsest/config.toml",
      """
      [engine.box]
      kind = "openai-completions"
      base = "\(base)"
      fallback = false
      connect-milliseconds = 600000
      answer-milliseconds = 600000
      silence-milliseconds = 600000
      total-milliseconds = 600000
      \(settings)
      """)
    let none = ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY"]
    let variables = Dictionary(uniqueKeysWithValues: none.map { ($0, "") })
      .merging(environment) { $1 }
    return try await Task(executorPreference: BackgroundThreads.shared) { [home] in
      try BuiltProgram.run(
        ["fill", "-", "--span", "1:1-1:4", "--engine", "box"], input: "One two.\n", home: home,
        environment: variables)
    }.value
  }

  /// Runs a test against a server without a fault; it gets the port.
  private func withServer(_ body: (Int) async throws -> Void) async throws {
    let server = FaultyServer(.splitsEvents, .completions)
    try await body(try await server.start())
    try await server.end()
  }

  private let written = FaultyText.whole + " two.\n"

  @Test func textGoesThroughTheProxyOfTheEnvironment() async throws {
    try await withServer { port in
      let proxy = try await Gateway.proxy(to: port)
      let result = try await fill(
        "http://service.invalid:81", ["http_proxy": "http://127.0.0.1:\(proxy.port)"])
      #expect(result.output == written, "\(result.error)")
      #expect(
        proxy.requests == ["POST http://service.invalid:81/v1/completions HTTP/1.1"])
    }
  }

  @Test func underTLSTheProxyOnlyConnects() async throws {
    try await withServer { port in
      let server = try await Gateway.tls("trusted", before: port)
      let proxy = try await Gateway.proxy(to: server.port)
      let result = try await fill(
        "https://service.invalid", settings: "ca-file = \"\(Gateway.certificate("authority"))\"",
        ["https_proxy": "http://127.0.0.1:\(proxy.port)"])
      #expect(result.output == written, "\(result.error)")
      #expect(proxy.requests == ["CONNECT service.invalid:443 HTTP/1.1"])
    }
  }

  @Test func aProxyThatRefusesIsNamed() async throws {
    let proxy = try await Gateway.proxy(to: 1, refusing: 407)
    let address = "http://127.0.0.1:\(proxy.port)"
    for (base, variable) in [
      ("http://service.invalid", "http_proxy"), ("https://service.invalid", "https_proxy"),
    ] {
      let result = try await fill(base, [variable: address])
      #expect(result.status == 1 && result.output == "")
      #expect(
        result.error.contains(
          "the proxy of http_proxy or https_proxy refuses service.invalid with status 407. Put a "),
        "\(result.error)")
    }
    let other = try await Gateway.proxy(to: 1, refusing: 403)
    let result = try await fill(
      "https://service.invalid", ["https_proxy": "http://127.0.0.1:\(other.port)"])
    #expect(result.error.contains("status 403. Ask whoever runs it"), "\(result.error)")
  }

  @Test func aProxyThatIsNotThereIsNamed() async throws {
    for base in ["http://service.invalid", "https://service.invalid"] {
      let result = try await fill(
        base, ["http_proxy": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"])
      #expect(result.status == 1)
      #expect(
        result.error.contains("the proxy on the way to service.invalid cannot be reached"),
        "\(result.error)")
    }
  }

  @Test func whatNoProxyNamesIsReachedDirectly() async throws {
    try await withServer { port in
      let result = try await fill(
        "http://service.localhost:\(port)",
        ["http_proxy": "http://127.0.0.1:1", "no_proxy": "service.localhost"])
      #expect(result.output == written, "\(result.error)")
    }
  }

  /// A key for a tunnel's end is not encrypted.
  @Test(arguments: ["127.0.0.1", "localhost"])
  func whatIsForThisMachineGoesToNoProxy(_ host: String) async throws {
    try await withServer { port in
      let proxy = try await Gateway.proxy(to: port)
      let address = "http://127.0.0.1:\(proxy.port)"
      let result = try await fill(
        "http://\(host):\(port)", settings: "key-env = \"BOX_KEY\"",
        ["http_proxy": address, "all_proxy": address, "BOX_KEY": "sk-1"])
      #expect(result.output == written, "\(result.error)")
      #expect(proxy.requests.isEmpty)
    }
  }

  @Test func aCertificateIsTrustedByTheFileOfTheEnvironment() async throws {
    try await withServer { port in
      let server = try await Gateway.tls("trusted", before: port)
      let base = "https://127.0.0.1:\(server.port)"
      let authority = ["SSL_CERT_FILE": Gateway.certificate("authority")]
      let trusted = try await fill(base, authority)
      #expect(trusted.output == written, "\(trusted.error)")
      // The setting counts for more.
      let file = Gateway.certificate("itself")
      let other = try await fill(base, settings: "ca-file = \"\(file)\"", authority)
      #expect(other.status == 1)
      #expect(other.error.contains("ca-file of [engine.box]"), "\(other.error)")
    }
  }
}
