internal import Glibc

/// Something the system did not do: what was tried, and its reason.
package struct PlatformError: Error, Equatable, CustomStringConvertible {
  package var description: String

  /// With the reason of the last call that failed, or that of `code`.
  init(_ attempt: String, code: Int32 = errno) {
    description = "\(attempt): \(systemMessage(code))."
  }
}

/// What `strerror` says of an error number.
package func systemMessage(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
