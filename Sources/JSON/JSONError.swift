internal import Strings

/// A JSON file that is damaged, or whose content is not what its reader expects.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// Line and column, `line 3`, or the member that is wrong; empty for the whole file.
  public var place: String
  public var expected: String
  public var found: String

  public init(file: String, place: String = "", expected: String, found: String) {
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// One line, whatever the file contains.
  public var description: String {
    let prefix = place.isEmpty ? file : "\(file): \(place)"
    return "\(prefix): expected \(expected), found \(found)".escapedForMessage
  }
}
