/// A file of a checkpoint that is missing, damaged or not supported.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// The field, tensor, byte offset or line and column that is wrong; empty for the whole file.
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

extension CheckpointError {
  /// `text` made fit for a message: control characters escaped, long texts cut.
  static func quoted(_ text: String) -> String {
    var result = "“"
    for scalar in text.unicodeScalars.prefix(80) {
      result +=
        scalar.value < 0x20 || scalar.value == 0x7F
        ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return result + (text.unicodeScalars.count > 80 ? "…”" : "”")
  }
}
