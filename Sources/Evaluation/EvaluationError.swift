/// What cannot be evaluated.
public struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// Line or field; empty for the whole file.
  public var place: String
  public var expected: String
  public var found: String

  public init(file: String, place: String = "", expected: String, found: String) {
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
  }

  public var description: String {
    let prefix = place.isEmpty ? file : "\(file): \(place)"
    return "\(prefix): expected \(expected), found \(found)"
  }
}
