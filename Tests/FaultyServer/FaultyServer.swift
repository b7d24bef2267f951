internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A server on a port of the loopback interface that misbehaves in one way, for tests of clients.
///
/// Not trusted to speak HTTP: it reads a request as far as its length says, and answers with bytes.
public final class FaultyServer: Sendable {
  private struct State {
    var requests: [String] = []
    var open = 0
    var hungUp = 0
  }

  private let fault: Fault
  private let dialect: Dialect
  private let healsAfter: Int
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let state = Mutex(State())
  private let tasks = Mutex<Task<Void, any Error>?>(nil)

  /// - Parameters:
  ///   - healsAfter: requests after which it answers as it should.
  public init(_ fault: Fault, _ dialect: Dialect, healsAfter: Int = .max) {
    self.fault = fault
    self.dialect = dialect
    self.healsAfter = healsAfter
  }

  /// Requests as they came, head and body.
  public var requests: [String] { state.withLock { $0.requests } }
  /// Connections that are open now.
  public var openConnections: Int { state.withLock { $0.open } }
  /// Connections that the client closed first.
  public var hungUp: Int { state.withLock { $0.hungUp } }

  /// Begins to listen; returns the port.
  public func start() async throws -> Int {
    let listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    tasks.withLock {
      $0 = Task { [self] in
        try await withThrowingDiscardingTaskGroup { tasks in
          try await listener.executeThenClose { inbound in
            for try await connection in inbound {
              tasks.addTask { [self] in await serve(connection) }
            }
          }
        }
      }
    }
    return listener.channel.localAddress?.port ?? 0
  }

  /// Closes every connection; returns once all is gone.
  public func end() async throws {
    let task = tasks.withLock { $0 }
    task?.cancel()
    _ = try? await task?.value
    try await group.shutdownGracefully()
  }

  private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
    state.withLock { $0.open += 1 }
    defer { state.withLock { $0.open -= 1 } }
    try? await connection.executeThenClose { inbound, _ in
      let channel = connection.channel
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        let (arrivals, arriving) = AsyncStream.makeStream(of: String.self)
        tasks.addTask { [self] in
          try await read(inbound, arriving)
          state.withLock { $0.hungUp += 1 }
        }
        tasks.addTask { [self] in try await answer(arrivals, on: channel) }
        defer { tasks.cancelAll() }
        try await tasks.next()
      }
    }
  }

  /// Puts a request together; then reads on, to notice that the client hangs up.
  private func read(
    _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
    _ arriving: AsyncStream<String>.Continuation
  ) async throws {
    if fault == .stallsBeforeReading { arriving.yield("") }
    var bytes: [UInt8] = []
    var isWhole = false
    for try await buffer in inbound where !isWhole {
      bytes += buffer.readableBytesView
      guard Self.isWhole(bytes) else { continue }
      isWhole = true
      let text = String(decoding: bytes, as: UTF8.self)
      state.withLock { $0.requests.append(text) }
      arriving.yield(text)
    }
  }

  /// Whether a request is there, by the length that its head announces.
  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
    let head = text[..<end.lowerBound].lowercased()
    let body = text[end.upperBound...].utf8.count
    if head.contains("transfer-encoding: chunked") { return text.hasSuffix("0\r\n\r\n") }
    let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
    return body >= length ?? 0
  }

  private func answer(_ arrivals: AsyncStream<String>, on channel: any Channel) async throws {
    for await _ in arrivals {
      let isHealed = requests.count > healsAfter
      let script = isHealed ? dialect.goodScript : fault.script(dialect)
      for action in script { try await perform(action, on: channel) }
      return
    }
  }

  private func perform(_ action: Action, on channel: any Channel) async throws {
    switch action {
    case .send(let bytes):
      try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    case .pause(let milliseconds):
      try await Task.sleep(for: .milliseconds(milliseconds))
    case .keepSending(let bytes, let milliseconds):
      // In large pieces where there is no pause, or the test would be slow rather than the client.
      let piece = milliseconds == 0 ? (0..<256).flatMap { _ in bytes } : bytes
      while true {
        try Task.checkCancellation()
        try await channel.writeAndFlush(ByteBuffer(bytes: piece)).get()
        if milliseconds > 0 { try await Task.sleep(for: .milliseconds(milliseconds)) }
      }
    case .stall: try await Task.sleep(for: .seconds(3600))
    case .reset:
      let socket = channel as? any SocketOptionProvider
      try await socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    }
  }
}
