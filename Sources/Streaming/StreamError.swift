internal import Strings

/// A stream that no longer follows its format, or is longer than a reader takes.
public enum StreamError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A line, an event or the whole stream has more than `limit` bytes.
  case tooLong(String, limit: Int)
  /// An event or a line is not what the format expects there.
  case malformed(expected: String, found: String)

  /// One line, whatever the stream contains.
  public var description: String {
    switch self {
    case .tooLong(let part, let limit): "\(part) has more than \(limit) bytes"
    case .malformed(let expected, let found):
      "expected \(expected), found \(found)".escapedForMessage
    }
  }
}

/// How much a reader takes before it gives up on a stream.
public struct StreamLimits: Sendable, Equatable {
  /// Bytes of a line, and of the data of an event.
  public var event: Int
  /// Bytes of a stream.
  public var total: Int

  public init(event: Int, total: Int) {
    self.event = event
    self.total = total
  }

  /// An event of 256 KiB and a stream of 4 MiB: some hundred times what a passage needs.
  public static let standard = StreamLimits(event: 256 << 10, total: 4 << 20)
}
