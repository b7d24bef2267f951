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

  /// One line without control characters, whatever the file contains.
  public var description: String {
    let prefix = place.isEmpty ? file : "\(file): \(place)"
    return Self.visible("\(prefix): expected \(expected), found \(found)")
  }
}

extension CheckpointError {
  /// `text` made fit for a message: control characters escaped, long texts cut.
  package static func quoted(_ text: String) -> String {
    let start = String(text.unicodeScalars.prefix(80))
    return "“\(visible(start))\(text.unicodeScalars.count > 80 ? "…" : "")”"
  }

  /// `text` with control characters and characters that change the text direction escaped.
  private static func visible(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
