internal import JSON
internal import Streaming
internal import Synchronization

/// Server-sent events to a client; the answer begins with the first of them, so that what is refused
/// before is an error of HTTP.
final class EventWriter: Sendable {
  private let writer: any ReplyWriter
  private let begun = Mutex(false)

  init(_ writer: any ReplyWriter) { self.writer = writer }

  var hasBegun: Bool { begun.withLock { $0 } }

  /// Sends events together, the last of a stream with `[DONE]` where `isDone`.
  func send(_ events: [JSONValue], isDone: Bool = false) async throws {
    var bytes = events.flatMap { ServerSentEvent($0.serialized()).bytes }
    if isDone { bytes += ServerSentEvent.done.bytes }
    guard !bytes.isEmpty else { return }
    let isFirst = begun.withLock { begun in
      defer { begun = true }
      return !begun
    }
    if isFirst { try await writer.beginEvents() }
    try await writer.send(events: bytes)
  }
}
