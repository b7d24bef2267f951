internal import Commands
internal import Documents

/// A place in a text: line and column from 1, columns in characters.
struct TextPlace: Equatable, CustomStringConvertible {
  var line: Int
  var column: Int

  var description: String { "\(line):\(column)" }

  init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of a byte offset. O(log n + column).
  init(offset: Int, in text: Text) {
    let line = text.line(at: offset)
    self.line = line + 1
    column = 1 + text.string(in: text.offset(ofLine: line)..<offset).count
  }

  /// The byte offset of this place. One column past a line's last character is its end, and the
  /// line after a final newline has that one place. `spelled` begins the message of an error.
  func offset(in text: Text, spelled: String) throws(CommandFailure) -> Int {
    guard line <= text.lineCount else {
      throw CommandFailure(
        "\(spelled): no line \(line); the document has \(text.lineCount) lines.")
    }
    let range = text.lineRange(line - 1)
    guard let content = String(validating: text.bytes(in: range), as: UTF8.self) else {
      throw CommandFailure("\(spelled): line \(line) is not valid UTF-8.")
    }
    guard
      let index = content.index(
        content.startIndex, offsetBy: column - 1, limitedBy: content.endIndex)
    else {
      throw CommandFailure(
        "\(spelled): line \(line) ends at column \(content.count + 1).")
    }
    return range.lowerBound + content.utf8.distance(from: content.startIndex, to: index)
  }
}
