internal import Glibc

/// Something the system did not do: what was tried, and its reason.
package struct PlatformError: Error, Equatable, CustomStringConvertible {
  /// What was tried, such as "Cannot read x".
  package let attempt: String
  /// The system's message.
  package let reason: String

  package var description: String { "\(attempt): \(reason)." }

  /// With the reason of the last call that failed, or that of `code`.
  init(_ attempt: String, code: Int32 = errno) {
    self.attempt = attempt
    reason = systemMessage(code)
  }
}

/// What `strerror` says of an error number.
package func systemMessage(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
