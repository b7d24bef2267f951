import Foundation

/// TLS or a proxy before a server of this machine: Tests/Gateway/gateway.py, which ends with this.
public final class Gateway: Sendable {
  public let port: Int
  private let process: Int32
  /// Its standard input, which ends with the tests where nobody else ends it.
  private let input: Pipe
  private let output: Scratch

  /// TLS with a certificate of Tests/Fixtures/certificates before a port.
  public static func tls(_ certificate: String, before port: Int) async throws -> Gateway {
    try await Gateway(["tls", self.certificate(certificate), self.certificate("key"), "\(port)"])
  }

  /// A proxy that goes on to a port whatever host it is asked for, or refuses with a status.
  public static func proxy(to port: Int, refusing status: Int? = nil) async throws -> Gateway {
    try await Gateway(["proxy", "\(port)"] + (status.map { ["\($0)"] } ?? []))
  }

  /// Path of a file in Tests/Fixtures/certificates.
  public static func certificate(_ name: String) -> String {
    SharedFiles.packageRoot + "/Tests/Fixtures/certificates/\(name).pem"
  }

  /// First lines of the requests that the proxy got.
  public var requests: [String] { Array(Self.lines(output).dropFirst()) }

  private init(_ arguments: [String]) async throws {
    let (input, output) = (Pipe(), try Scratch())
    let log = FileHandle(forWritingAtPath: try output.file("log", ""))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let script = SharedFiles.packageRoot + "/Tests/Gateway/gateway.py"
    process.arguments = ["python3", script] + arguments
    process.standardInput = input
    process.standardOutput = log
    // Or whoever reads the output of the tests waits for the end of this as well.
    process.standardError = FileHandle.nullDevice
    try process.run()
    try await eventually("the gateway") { Self.lines(output).first.flatMap { Int($0) } != nil }
    port = Self.lines(output).first.flatMap { Int($0) } ?? 0
    self.process = process.processIdentifier
    self.input = input
    self.output = output
  }

  deinit { kill(process, SIGTERM) }

  /// Whole lines of what it printed.
  private static func lines(_ output: Scratch) -> [String] {
    (output.read("log") ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map(String.init)
  }
}
