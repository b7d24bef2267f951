internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Platform
public import Serving
internal import Synchronization

/// `FillService` on a TCP port, HTTP/1.1 without TLS, on one thread of its own.
public final class HTTPServer: Sendable {
  /// Where it listens.
  public struct Address: Sendable, Equatable, CustomStringConvertible {
    let socket: SocketAddress

    /// Resolves a name or a numeric address. Port 0 takes a free one. Blocks while a name is looked
    /// up; throws where it is unknown.
    public init(host: String, port: Int) throws {
      do {
        socket = try SocketAddress.makeAddressResolvingHost(host, port: port)
      } catch {
        throw HTTPServerError.unknownHost(host)
      }
    }

    init(_ socket: SocketAddress) { self.socket = socket }

    /// Whether only this machine reaches it.
    public var isLoopback: Bool { Access.isLoopback(address: socket.ipAddress ?? "") }
    public var port: Int { socket.port ?? 0 }

    /// As in a URL: `127.0.0.1:8012`, `[::1]:8012`.
    public var description: String {
      let host = socket.ipAddress ?? ""
      return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  private enum Phase {
    case idle
    case listening(any Channel)
    case draining
  }

  private let service: FillService
  private let phase = Mutex(Phase.idle)
  private let connections: Connections

  public init(_ service: FillService) {
    self.service = service
    connections = Connections(limit: service.limits.connections)
  }

  /// Connections that are open.
  public var connectionCount: Int { connections.count }

  /// Listens and answers until `drain` is called and all that was asked is answered, or the task is
  /// cancelled. Its thread has ended when it returns.
  ///
  /// - Parameter onListening: called once with the address in use.
  public func run(at address: Address, onListening: @Sendable (Address) -> Void) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      try await run(at: address, on: group, onListening)
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
    try await group.shutdownGracefully()
  }

  private func run(
    at address: Address, on group: MultiThreadedEventLoopGroup,
    _ onListening: @Sendable (Address) -> Void
  ) async throws {
    let (limits, connections, service) = (service.limits, connections, service)
    let listener: NIOAsyncChannel<Connection.Channel, Never>
    do {
      listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .bind(to: address.socket) { channel in
          channel.eventLoop.makeCompletedFuture {
            try Connection.channel(channel, limits)
          }
        }
    } catch {
      let reason = (error as? IOError).map { systemMessage($0.errnoCode) } ?? "\(error)"
      throw HTTPServerError.cannotListen("\(address)", reason)
    }
    let isDraining = phase.withLock { phase in
      if case .draining = phase { return true }
      phase = .listening(listener.channel)
      return false
    }
    if isDraining { listener.channel.close(promise: nil) }
    if let local = listener.channel.localAddress { onListening(Address(local)) }
    try await withThrowingDiscardingTaskGroup { tasks in
      try await listener.executeThenClose { inbound in
        for try await channel in inbound {
          guard let slot = connections.open(channel.channel) else {
            channel.channel.close(promise: nil)
            continue
          }
          tasks.addTask {
            await Connection(channel, slot, service).serve()
            connections.close(slot)
          }
        }
      }
    }
  }

  /// Stops listening, refuses new fills, closes idle connections; `run` returns once the others
  /// have their answers. From any thread.
  public func drain() {
    service.end()
    let listener = phase.withLock { phase -> (any Channel)? in
      defer { phase = .draining }
      if case .listening(let channel) = phase { return channel }
      return nil
    }
    listener?.close(promise: nil)
    connections.drain()
  }
}

public enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownHost(String)
  case cannotListen(String, String)

  public var description: String {
    switch self {
    case .unknownHost(let host):
      "\(host): no such host. Give --host a name or an address of this machine."
    case .cannotListen(let address, let reason):
      "Cannot listen on \(address): \(reason). Is another server there? Choose another --port."
    }
  }
}
