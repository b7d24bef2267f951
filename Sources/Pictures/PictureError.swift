internal import Strings

/// A picture that cannot be read.
public struct PictureError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// As the end of a sentence, on one line, without control characters.
  public let reason: String

  public init(file: String, reason: String) {
    self.file = file
    self.reason = reason.escapedForMessage
  }

  /// One line without control characters.
  public var description: String { "\(file): \(reason)".escapedForMessage }
}
