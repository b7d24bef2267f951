import JSON
import NIOCore
import NIOPosix

/// A connection that bytes are sent and read on as they are.
struct TestClient {
  let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  static func connect(to port: Int) async throws -> TestClient {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return TestClient(channel: channel)
  }

  static func request(
    _ method: String, _ path: String, _ body: String = "", headers: [String] = []
  ) -> String {
    let lines = [
      "\(method) \(path) HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)",
    ]
    return (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// Sends `texts`, one after the other, and returns everything up to the end of the connection, or
  /// up to where `isEnough` holds.
  static func exchange(
    _ port: Int, _ texts: [String], until isEnough: (String) -> Bool = { _ in false }
  ) async throws -> String {
    let client = try await connect(to: port)
    return try await client.channel.executeThenClose { inbound, outbound in
      for text in texts { try await outbound.write(ByteBuffer(string: text)) }
      var bytes: [UInt8] = []
      do {
        for try await buffer in inbound {
          bytes += buffer.readableBytesView
          if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
        }
      } catch is IOError {
        // Reset: what was sent before counts.
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// One request on a connection of its own; its answer without the head.
  static func ask(
    _ port: Int, _ path: String, _ body: String = "", method: String = "POST",
    headers: [String] = []
  ) async throws -> (head: String, body: String) {
    let text = try await exchange(
      port, [request(method, path, body, headers: headers + ["Connection: close"])])
    guard let end = text.firstRange(of: "\r\n\r\n") else { return (text, "") }
    return (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
  }
}
