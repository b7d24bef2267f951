internal import Commands
internal import HTTPServing
internal import Infilling
internal import Serving
internal import Strings

/// One run of the server: from listening to the end that signals ask for.
final class ServerRun: Sendable {
  private let service: FillService
  private let server: HTTPServer
  private let grace: Int
  /// Requests for the end: the first drains the server, the second cuts it off.
  private let ends: AsyncStream<Void>

  init(_ service: FillService, grace: Int, ends: AsyncStream<Void>) {
    self.service = service
    self.grace = grace
    self.ends = ends
    server = HTTPServer(service)
  }

  /// Listens, loads the model, answers. Returns the exit code.
  func run(at address: HTTPServer.Address) async -> Int32 {
    do {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { [self] in
          try await server.run(at: address) { address in
            Console.error("Listening on http://\(address). Ctrl-C ends the server.\n")
          }
        }
        tasks.addTask { [self] in
          let model = try await service.prepare()
          Console.error("\(model.name) is loaded.\n")
          try await wait()
        }
        defer { tasks.cancelAll() }
        // The server ends by itself once it is drained; the other task only to cut it off.
        try await tasks.next()
      }
      return 0
    } catch {
      Console.error("Error: \(error)\n")
      return 1
    }
  }

  /// Drains the server when the end is asked for; returns when it is to be cut off.
  private func wait() async throws {
    var asked = ends.makeAsyncIterator()
    guard await asked.next() != nil else { return }
    server.drain()
    Console.error("Finishing what runs, for at most \(grace.counted("second")).\n")
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { [grace] in try await Task.sleep(for: .seconds(grace)) }
      tasks.addTask { [ends] in
        for await _ in ends { return }
      }
      defer { tasks.cancelAll() }
      try await tasks.next()
    }
  }
}
