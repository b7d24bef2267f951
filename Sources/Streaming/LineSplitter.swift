/// Splits bytes that arrive in any portions into lines, which end with LF, CR LF or CR.
public struct LineSplitter: Sendable {
  private let limits: StreamLimits
  private var line: [UInt8] = []
  private var total = 0
  /// The last byte was a CR: an LF that follows belongs to it.
  private var followsReturn = false

  public init(limits: StreamLimits = .standard) { self.limits = limits }

  /// The lines that `bytes` complete, without their ends. O(bytes). Throws for a line or a stream
  /// beyond the limits.
  public mutating func split(_ bytes: some Sequence<UInt8>) throws(StreamError) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in bytes {
      total += 1
      guard total <= limits.total else {
        throw .tooLong("The stream", limit: limits.total)
      }
      let endsReturn = followsReturn
      followsReturn = byte == UInt8(ascii: "\r")
      switch byte {
      case UInt8(ascii: "\n") where endsReturn: break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        lines.append(line)
        line.removeAll()
      default:
        guard line.count < limits.event else { throw .tooLong("A line", limit: limits.event) }
        line.append(byte)
      }
    }
    return lines
  }

  /// The bytes after the last line end; nil without any. The stream has ended.
  public mutating func finish() -> [UInt8]? {
    defer { line.removeAll() }
    return line.isEmpty ? nil : line
  }
}
