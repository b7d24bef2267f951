internal import Platform

/// What the system answered: an `errno`.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  public var code: Int32

  public init(code: Int32) {
    self.code = code
  }

  /// As `strerror` has it.
  public var description: String {
    systemMessage(code)
  }

  /// `result`, or the error that a negative result stands for.
  static func check<Result: SignedInteger>(_ result: Result) throws(SystemError) -> Result {
    if result < 0 { throw SystemError(code: Int32(-result)) }
    return result
  }
}
