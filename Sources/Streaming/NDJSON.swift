public import JSON
internal import Strings

/// Reads JSON values, one a line, from bytes that arrive in any portions. Empty lines are skipped.
public struct NDJSONParser: Sendable {
  private var splitter: LineSplitter

  public init(limits: StreamLimits = .standard) { splitter = LineSplitter(limits: limits) }

  /// The values whose lines `bytes` complete. O(bytes).
  public mutating func parse(_ bytes: some Sequence<UInt8>) throws(StreamError) -> [JSONValue] {
    var values: [JSONValue] = []
    for line in try splitter.split(bytes) where !line.isEmpty {
      values.append(try JSONValue(streamed: line))
    }
    return values
  }

  /// The value of a last line that has no end; nil without one.
  public mutating func finish() throws(StreamError) -> JSONValue? {
    guard let line = splitter.finish() else { return nil }
    return try JSONValue(streamed: line)
  }
}

extension JSONValue {
  /// The value that one event or line of a stream is.
  public init(streamed bytes: [UInt8]) throws(StreamError) {
    do throws(FileError) {
      self = try .parse(bytes, file: "")
    } catch {
      throw .malformed(expected: error.expected, found: "\(error.found) at \(error.place)")
    }
  }

  /// The value as a line of NDJSON.
  public var line: [UInt8] { Array(serialized().utf8) + [UInt8(ascii: "\n")] }
}
