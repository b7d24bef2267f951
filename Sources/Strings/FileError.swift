/// A file from outside that is missing, damaged, not supported, or not what its reader expects.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// The field, tensor or member, byte offset, or line and column that is wrong; empty for the whole
  /// file.
  public var place: String
  public var expected: String
  public var found: String

  public init(file: String, place: String = "", expected: String, found: String) {
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// One line without control characters, whatever the file contains.
  public var description: String {
    let prefix = place.isEmpty ? file : "\(file): \(place)"
    return "\(prefix): expected \(expected), found \(found)".escapedForMessage
  }
}
