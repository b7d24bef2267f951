package import ArgumentParser

/// The document to open, and the position of the cursor.
package struct DocumentLocation: Equatable {
  package enum Source: Equatable {
    case untitled
    case standardInput
    case file(String)
  }

  package var source: Source
  /// Both count from 1, columns in characters. A column requires a line.
  package var line: Int?
  package var column: Int?

  package init(source: Source, line: Int? = nil, column: Int? = nil) {
    self.source = source
    self.line = line
    self.column = column
  }

  /// Reads `FILE`, `+LINE[:COLUMN] FILE`, `FILE +LINE[:COLUMN]`, `FILE:LINE[:COLUMN]`, `-` or
  /// nothing at all, which is standard input if something is sent there.
  ///
  /// `FILE:LINE` names the file `FILE` unless `exists` is true for the whole name.
  package init(
    _ arguments: [String], hasInput: Bool = false, exists: (String) -> Bool
  ) throws(ValidationError) {
    var names = arguments
    var place: (line: Int, column: Int?)?
    if let text = Self.takePosition(from: &names) {
      place = Self.place(text.dropFirst())
      guard place != nil else {
        throw ValidationError(
          "“\(text)” is not a position: expected +LINE or +LINE:COLUMN, counted from 1.")
      }
    }
    guard names.count <= 1 else {
      throw ValidationError("Expected one file; unexpected argument “\(names[1])”.")
    }
    guard let name = names.first ?? (hasInput ? "-" : nil) else {
      guard place == nil else {
        throw ValidationError("+LINE needs a file, or text on standard input.")
      }
      self.init(source: .untitled)
      return
    }
    guard !name.isEmpty else { throw ValidationError("The file name is empty.") }
    if name == "-" {
      self.init(source: .standardInput, line: place?.line, column: place?.column)
    } else if place == nil, !exists(name), let (path, found) = Self.split(name) {
      self.init(source: .file(path), line: found.line, column: found.column)
    } else {
      self.init(source: .file(name), line: place?.line, column: place?.column)
    }
  }

  /// Removes the argument that begins with a plus sign: the first, or the second of two. Of
  /// `+5 +6` the second is the file.
  private static func takePosition(from arguments: inout [String]) -> String? {
    if arguments.first?.hasPrefix("+") == true { return arguments.removeFirst() }
    return arguments.count == 2 && arguments[1].hasPrefix("+") ? arguments.removeLast() : nil
  }

  /// `LINE` or `LINE:COLUMN`, both at least 1.
  package static func place(_ text: some StringProtocol) -> (line: Int, column: Int?)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { positive($0) }
    guard numbers.count == parts.count, (1...2).contains(numbers.count) else { return nil }
    return (numbers[0], numbers.count == 2 ? numbers[1] : nil)
  }

  /// Splits `:LINE[:COLUMN]` off the end of a name.
  private static func split(_ name: String) -> (String, (line: Int, column: Int?))? {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    for count in [2, 1] where parts.count > count {
      let path = parts.dropLast(count).joined(separator: ":")
      if !path.isEmpty, let place = place(parts.suffix(count).joined(separator: ":")) {
        return (path, place)
      }
    }
    return nil
  }

  /// Digits alone, so that `+5` and ` 5` are not numbers.
  private static func positive(_ text: some StringProtocol) -> Int? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), value > 0
    else { return nil }
    return value
  }
}
