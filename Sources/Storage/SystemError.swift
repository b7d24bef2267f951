internal import Platform

/// An `errno` of a system call.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  public var code: Int32

  public init(code: Int32) {
    self.code = code
  }

  /// The text of `strerror`.
  public var description: String {
    systemMessage(code)
  }

  /// `result`; throws the error with the number −`result` if it is negative.
  static func check<Result: SignedInteger>(_ result: Result) throws(SystemError) -> Result {
    if result < 0 { throw SystemError(code: Int32(-result)) }
    return result
  }
}
