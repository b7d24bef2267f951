import Infilling
import Serving
import Synchronization
import TestSupport

@testable import HTTPServing

/// A server on a free port, while a test runs.
struct RunningServer {
  let server: HTTPServer
  let port: Int

  /// Runs `body` beside a server; returns once the server has ended.
  static func run(
    _ infiller: any Infiller, limits: ServiceLimits = ServiceLimits(), token: String? = nil,
    _ body: (RunningServer) async throws -> Void
  ) async throws {
    let service = FillService(infiller, limits: limits, access: Access(token: token))
    let server = HTTPServer(service)
    let address = try HTTPServer.Address(host: "127.0.0.1", port: 0)
    let port = Mutex(0)
    let running = Task {
      try await server.run(at: address) { address in port.withLock { $0 = address.port } }
    }
    try await eventually("it listens") { port.withLock { $0 } != 0 }
    do {
      try await body(RunningServer(server: server, port: port.withLock { $0 }))
    } catch {
      running.cancel()
      _ = try? await running.value
      throw error
    }
    server.drain()
    try await running.value
  }
}
