/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Equatable {
  /// The `event` field; empty without one.
  public var name: String
  /// The `data` fields, joined by LF. Not checked to be UTF-8.
  public var data: [UInt8]

  public init(name: String = "", data: [UInt8]) {
    self.name = name
    self.data = data
  }

  public init(name: String = "", _ data: String) { self.init(name: name, data: Array(data.utf8)) }

  /// What ends the streams of OpenAI's interfaces.
  public static let done = ServerSentEvent("[DONE]")

  /// The event as it is sent: a `data` field for each line of the data.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = name.isEmpty ? [] : Array("event: \(name)\n".utf8)
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      bytes += "data: ".utf8
      bytes += line
      bytes.append(UInt8(ascii: "\n"))
    }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

/// Reads a `text/event-stream` (WHATWG HTML, 9.2.6) from bytes that arrive in any portions.
///
/// Comments, `id` and `retry` are skipped; an event without data is none.
public struct ServerSentEventParser: Sendable {
  private var splitter: LineSplitter
  private let limits: StreamLimits
  private var name = ""
  /// nil before the first `data` field of an event.
  private var data: [UInt8]?
  private var isFirstLine = true

  public init(limits: StreamLimits = .standard) {
    self.limits = limits
    splitter = LineSplitter(limits: limits)
  }

  /// The events that `bytes` complete. O(bytes).
  public mutating func parse(
    _ bytes: some Sequence<UInt8>
  ) throws(StreamError) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for line in try splitter.split(bytes) {
      if let event = try take(line) { events.append(event) }
    }
    return events
  }

  /// The event that the stream ended in; nil where it ended after one. A sender that closes the
  /// connection may leave out the blank line after the last event.
  public mutating func finish() throws(StreamError) -> ServerSentEvent? {
    if let rest = splitter.finish(), let event = try take(rest) { return event }
    return end()
  }

  private mutating func take(_ line: [UInt8]) throws(StreamError) -> ServerSentEvent? {
    var line = line[...]
    if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    isFirstLine = false
    if line.isEmpty { return end() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "data":
      let joined = data.map { $0 + [UInt8(ascii: "\n")] + value } ?? Array(value)
      guard joined.count <= limits.event else { throw .tooLong("An event", limit: limits.event) }
      data = joined
    case "event": name = String(decoding: value, as: UTF8.self)
    default: break
    }
    return nil
  }

  private mutating func end() -> ServerSentEvent? {
    defer {
      name = ""
      data = nil
    }
    return data.map { ServerSentEvent(name: name, data: $0) }
  }
}
