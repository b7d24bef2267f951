internal import Commands
internal import HTTPServing
internal import Infilling
internal import Serving
internal import Strings

/// One run of the server, from listening until a signal ends it.
final class ServerRun: Sendable {
  private enum Event {
    case endAsked
    case notLoaded(String)
  }

  private let service: FillService
  private let server: HTTPServer
  private let grace: Int
  private let events: AsyncStream<Event>
  private let post: AsyncStream<Event>.Continuation

  /// - Parameter grace: seconds to finish what runs.
  init(_ service: FillService, grace: Int) {
    self.service = service
    self.grace = grace
    server = HTTPServer(service)
    (events, post) = AsyncStream.makeStream()
  }

  /// Requests the end; a second request ends the server immediately. May be called from any thread.
  func end() { post.yield(.endAsked) }

  /// Listens, loads the model and serves requests until the end is requested. Throws if the model cannot
  /// be loaded or the address is not available.
  func run(at address: HTTPServer.Address) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { [self] in
        try await server.run(at: address) { address in
          Console.error("Listening on http://\(address). Ctrl-C ends the server.\n")
          // Nobody waits for it: the end may be asked for meanwhile.
          Task { await self.load() }
        }
      }
      tasks.addTask { [self] in try await wait() }
      // The server ends by itself once it is drained; the other task to cut it off.
      defer { tasks.cancelAll() }
      try await tasks.next()
    }
  }

  private func load() async {
    do {
      let model = try await service.prepare()
      Console.error("\(model.name) is loaded.\n")
    } catch {
      post.yield(.notLoaded("\(error)"))
    }
  }

  /// Drains the server once the end is requested. Returns when open connections must be closed.
  private func wait() async throws {
    try await nextEnd()
    server.drain()
    Console.error("Finishing what runs, for at most \(grace.counted("second")).\n")
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { [grace] in try await Task.sleep(for: .seconds(grace)) }
      tasks.addTask { [self] in try await nextEnd() }
      defer { tasks.cancelAll() }
      try await tasks.next()
    }
  }

  private func nextEnd() async throws {
    for await event in events {
      switch event {
      case .endAsked: return
      case .notLoaded(let reason): throw CommandFailure(reason)
      }
    }
  }
}
