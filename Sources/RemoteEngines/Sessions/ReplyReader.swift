internal import JSON
internal import Streaming

/// Turns the bytes of a reply into its events, whatever the portions they come in.
///
/// A service that was asked for a stream may answer with one document all the same.
struct ReplyReader: Sendable {
  typealias Interpreter = @Sendable (JSONValue) throws -> [Reply]

  private enum Form {
    case undecided(EngineCall.Format)
    case events(ServerSentEventParser)
    case lines(NDJSONParser)
    case document
  }

  private var form: Form
  private let limits: StreamLimits
  private let interpret: Interpreter
  /// Of a document all of it, of a stream its beginning, for messages.
  private var bytes: [UInt8] = []
  private var isComplete = false
  private var hasReplied = false

  init(
    _ format: EngineCall.Format, limits: StreamLimits = .standard, interpret: @escaping Interpreter
  ) {
    self.limits = limits
    self.interpret = interpret
    form = .undecided(format)
  }

  mutating func read(_ portion: [UInt8]) throws(RemoteError.Reason) -> [Reply] {
    do {
      if case .undecided(let format) = form {
        bytes += portion
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard let first else { return [] }
        form = Self.form(format, beginningWith: first, limits)
        let all = bytes
        if case .document = form { return [] }
        bytes = Array(bytes.prefix(80))
        return try replies(values(of: all))
      }
      if case .document = form {
        bytes += portion
        guard bytes.count <= limits.total else {
          throw StreamError.tooLong("The reply", limit: limits.total)
        }
        return []
      }
      return try replies(values(of: portion))
    } catch {
      throw reason(error)
    }
  }

  /// The events at the end of the reply. Throws `cutOff` where its text is not complete.
  mutating func finish() throws(RemoteError.Reason) -> [Reply] {
    var replies: [Reply] = []
    do {
      switch form {
      case .undecided: break
      case .document: replies = try self.replies([JSONValue(streamed: bytes)])
      case .events(var parser):
        if let event = try parser.finish(), let value = try value(of: event) {
          replies = try self.replies([value])
        }
      case .lines(var parser):
        if let value = try parser.finish() { replies = try self.replies([value]) }
      }
    } catch {
      throw reason(error)
    }
    guard isComplete else { throw hasSaidNothing ? .notJSON(beginning) : .cutOff }
    return replies
  }

  private static func form(
    _ format: EngineCall.Format, beginningWith first: UInt8, _ limits: StreamLimits
  ) -> Form {
    switch format {
    case .lines: .lines(NDJSONParser(limits: limits))
    case .events where first != UInt8(ascii: "{"): .events(ServerSentEventParser(limits: limits))
    case .document, .events: .document
    }
  }

  private mutating func values(of portion: [UInt8]) throws(StreamError) -> [JSONValue] {
    switch form {
    case .events(var parser):
      var values: [JSONValue] = []
      for event in try parser.parse(portion) {
        if let value = try value(of: event) { values.append(value) }
      }
      form = .events(parser)
      return values
    case .lines(var parser):
      let values = try parser.parse(portion)
      form = .lines(parser)
      return values
    case .document, .undecided: return []
    }
  }

  /// nil for the mark at the end.
  private mutating func value(of event: ServerSentEvent) throws(StreamError) -> JSONValue? {
    if event.data == ServerSentEvent.done.data {
      isComplete = true
      return nil
    }
    return try JSONValue(streamed: event.data)
  }

  private mutating func replies(_ values: [JSONValue]) throws -> [Reply] {
    var replies: [Reply] = []
    for value in values {
      if let fault = ServiceFault(value) { throw RemoteError.Reason.fault(fault) }
      hasReplied = true
      replies += try interpret(value)
    }
    isComplete = isComplete || replies.contains { $0.event.isLast }
    return replies
  }

  private var hasSaidNothing: Bool { !hasReplied && !bytes.isEmpty }

  private var beginning: String { String(decoding: bytes.prefix(80), as: UTF8.self) }

  /// A reply that never was what it should be is best described by its beginning.
  private func reason(_ error: any Error) -> RemoteError.Reason {
    switch error {
    case let reason as RemoteError.Reason: reason
    case let error as StreamError:
      if case .malformed = error, hasSaidNothing { .notJSON(beginning) } else { .malformed(error) }
    default: .cutOff
    }
  }
}
