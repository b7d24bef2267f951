internal import NIOCore
internal import NIOHTTP1
internal import Serving

/// One connection: its requests are answered one after the other. While one is answered, the
/// connection is read on, so that a client that hangs up cancels its answer.
struct Connection {
  typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// A request, or why there will be none.
  private struct Arrival {
    var result: Result<HTTPCall, ServiceError>
    var head: HTTPRequestHead
  }

  /// Requests that may wait for the answer to the one before; a client that sends more is cut off.
  private static let mostPipelined = 4

  private let channel: Channel
  private let timer: ConnectionTimer
  private let service: FillService

  init(_ channel: Channel, _ timer: ConnectionTimer, _ service: FillService) {
    self.channel = channel
    self.timer = timer
    self.service = service
  }

  /// The channel of a socket, with a decoder that refuses headers over the limit.
  static func channel(_ channel: any NIOCore.Channel, _ limits: ServiceLimits) throws -> Channel {
    var decoder = NIOHTTPDecoderLimitConfiguration()
    decoder.maxHeaderFieldSize = limits.headers
    decoder.maxHeaderListSize = limits.headers
    decoder.maxHeaderFieldCount = 100
    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
      withPipeliningAssistance: false, withErrorHandling: true, withEncoderConfiguration: .init(),
      withDecoderLimitConfiguration: decoder)
    return try Channel(wrappingChannelSynchronously: channel)
  }

  /// Answers until the client hangs up, an answer ends the connection, or it takes too long.
  func serve() async {
    timer.begin(idle: service.limits.idle)
    // A connection that breaks has nobody to report to.
    try? await channel.executeThenClose { inbound, _ in
      let (arrivals, arriving) = AsyncStream.makeStream(
        of: Arrival.self, bufferingPolicy: .bufferingOldest(Self.mostPipelined))
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await read(inbound, arriving) }
        tasks.addTask {
          for await arrival in arrivals where try await !answer(arrival) { return }
        }
        defer { tasks.cancelAll() }
        try await tasks.next()
      }
    }
  }

  /// Puts requests together until the connection ends.
  private func read(
    _ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
    _ arriving: AsyncStream<Arrival>.Continuation
  ) async throws {
    let limits = service.limits
    var head: HTTPRequestHead?
    var body: [UInt8] = []
    for try await part in inbound {
      switch part {
      case .head(let next):
        timer.arriving(within: limits.arrival)
        (head, body) = (next, [])
        let announced = next.headers.first(name: "content-length").flatMap(Int.init)
        if let announced, announced > limits.body { break }
        if next.headers.first(name: "expect")?.lowercased() == "100-continue" {
          let goOn = HTTPResponseHead(version: next.version, status: .continue)
          try await channel.channel.writeAndFlush(HTTPServerResponsePart.head(goOn)).get()
        }
        continue
      case .body(let buffer):
        guard head != nil else { continue }
        body += buffer.readableBytesView
        if body.count > limits.body { break }
        continue
      case .end:
        guard let ended = head else { continue }
        head = nil
        timer.arrived(answer: limits.deadline + limits.arrival)
        let call = HTTPCall(
          method: ended.method.rawValue, target: ended.uri,
          headers: ended.headers.map { ($0.name, $0.value) }, body: body)
        body = []
        guard case .enqueued = arriving.yield(Arrival(result: .success(call), head: ended)) else {
          return
        }
        continue
      }
      // Too large: the rest is read and dropped until the client has its answer.
      if let refused = head {
        arriving.yield(
          Arrival(result: .failure(.bodyTooLarge(limit: limits.body)), head: refused))
      }
      (head, body) = (nil, [])
    }
  }

  /// Sends the answer; false where it ends the connection.
  private func answer(_ arrival: Arrival) async throws -> Bool {
    switch arrival.result {
    case .success(let call):
      let keepsAlive = arrival.head.isKeepAlive && !timer.isDraining
      let writer = ResponseWriter(arrival.head, keepsAlive: keepsAlive, channel.channel)
      try await service.respond(to: call, writer)
      try await writer.finish()
      timer.answered(idle: service.limits.idle)
      return keepsAlive
    case .failure(let error):
      let writer = ResponseWriter(arrival.head, keepsAlive: false, channel.channel)
      try await writer.send(error.reply)
      try await writer.finish()
      // A connection closed while the client still sends is reset, and the answer lost.
      try await Task.sleep(for: .milliseconds(500))
      return false
    }
  }
}
