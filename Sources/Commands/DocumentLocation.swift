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

  /// Reads `FILE`, `+LINE[:COLUMN] FILE`, `FILE:LINE[:COLUMN]`, `-` or nothing at all.
  ///
  /// `FILE:LINE` names the file `FILE` unless `exists` is true for the whole name.
  package init(_ arguments: [String], exists: (String) -> Bool) throws(ValidationError) {
    var rest = arguments[...]
    var place: (line: Int, column: Int?)?
    if let first = rest.first, first.hasPrefix("+") {
      guard let read = Self.place(first.dropFirst()) else {
        throw ValidationError(
          "“\(first)” is not a position: expected +LINE or +LINE:COLUMN, counted from 1.")
      }
      place = read
      rest.removeFirst()
    }
    guard rest.count <= 1 else {
      throw ValidationError(
        "Expected one file; unexpected argument “\(rest[rest.startIndex + 1])”.")
    }
    guard let name = rest.first else {
      guard place == nil else { throw ValidationError("+LINE must be followed by a file.") }
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
