internal import CPCRE2

/// A pattern that does not compile, or a match given up at its limits.
public struct RegularExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
  public var pattern: String
  /// Where in the pattern, as a byte offset; nil where matching failed.
  public var offset: Int?
  public var message: String
  /// The match was given up at its limits of steps or memory.
  public var isTooCostly: Bool

  public var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "regular expression “\(pattern)”\(place): \(message)"
  }

  init(pattern: String, offset: Int? = nil, code: Int32) {
    self.pattern = pattern
    self.offset = offset
    isTooCostly = [
      PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT,
      PCRE2_ERROR_JIT_STACKLIMIT,
    ].contains(code)
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = unsafe buffer.withUnsafeMutableBufferPointer {
      unsafe pcre2_get_error_message_8(code, $0.baseAddress, $0.count)
    }
    message =
      length > 0
      ? String(decoding: buffer[..<Int(length)], as: UTF8.self) : "PCRE2 error \(code)"
  }
}
