internal import NIOCore
internal import NIOHTTP1
internal import Serving

/// An answer as parts of HTTP. A call returns once its part was handed to the system.
struct ResponseWriter: ReplyWriter {
  private let version: HTTPVersion
  private let keepsAlive: Bool
  private let channel: any Channel

  init(
    _ request: HTTPRequestHead, keepsAlive: Bool, _ channel: any Channel
  ) {
    version = request.version
    self.keepsAlive = keepsAlive
    self.channel = channel
  }

  private func write(_ part: HTTPServerResponsePart) async throws {
    try await channel.writeAndFlush(part).get()
  }

  private func head(_ status: Int, _ fields: [(String, String)]) -> HTTPServerResponsePart {
    var headers = HTTPHeaders(fields)
    headers.add(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
    return .head(
      HTTPResponseHead(
        version: version, status: HTTPResponseStatus(statusCode: status), headers: headers))
  }

  func send(_ reply: Reply) async throws {
    let fields =
      [("Content-Type", reply.contentType), ("Content-Length", "\(reply.body.count)")]
      + reply.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    try await write(head(reply.status, fields))
    try await write(.body(.byteBuffer(ByteBuffer(bytes: reply.body))))
  }

  func beginEvents() async throws {
    // The last tells a proxy not to hold events back.
    try await write(
      head(
        200,
        [
          ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
          ("X-Accel-Buffering", "no"),
        ]))
  }

  func send(events: [UInt8]) async throws {
    try await write(.body(.byteBuffer(ByteBuffer(bytes: events))))
  }

  /// Ends the answer.
  func finish() async throws { try await write(.end(nil)) }
}
