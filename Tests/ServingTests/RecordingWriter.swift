import JSON
import Synchronization

@testable import Serving

/// What an answer was made of.
final class RecordingWriter: ReplyWriter {
  struct Gone: Error {}

  private struct State {
    var reply: Reply?
    var begins = 0
    var events: [UInt8] = []
    var writes = 0
  }

  private let state = Mutex(State())
  /// Events after which the client is gone.
  private let writesUntilGone: Int

  init(writesUntilGone: Int = .max) { self.writesUntilGone = writesUntilGone }

  var reply: Reply? { state.withLock { $0.reply } }
  var hasBegun: Bool { state.withLock { $0.begins == 1 } }
  var text: String { state.withLock { String(decoding: $0.events, as: UTF8.self) } }

  /// The data of the events, `[DONE]` left out.
  var values: [JSONValue] {
    text.split(separator: "\n\n").compactMap { event in
      try? JSONValue.parse(Array(event.dropFirst("data: ".count).utf8), file: "event")
    }
  }

  func send(_ reply: Reply) async throws { state.withLock { $0.reply = reply } }
  func beginEvents() async throws { state.withLock { $0.begins += 1 } }

  func send(events: [UInt8]) async throws {
    let isGone = state.withLock { state in
      state.writes += 1
      state.events += events
      return state.writes > writesUntilGone
    }
    if isGone { throw Gone() }
  }
}

extension FillService {
  /// The answer to a request with a body of JSON.
  func answer(
    _ endpoint: Endpoint, _ body: JSONValue = [:], headers: [(name: String, value: String)] = []
  ) async throws -> RecordingWriter {
    let writer = RecordingWriter()
    try await respond(
      to: HTTPCall(
        method: endpoint.method, target: endpoint.rawValue, headers: headers,
        body: Array(body.serialized().utf8)), writer)
    return writer
  }
}

extension Reply {
  var json: JSONValue? { try? JSONValue.parse(body, file: "reply") }
  var text: String { String(decoding: body, as: UTF8.self) }
}
