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

  /// Reads files, each as `FILE`, `+LINE[:COLUMN] FILE` or `FILE:LINE[:COLUMN]`; the last also as
  /// `FILE +LINE[:COLUMN]`. `-` is standard input, and so is nothing at all if something is sent there.
  ///
  /// `FILE:LINE` names the file `FILE` unless `exists` is true for the whole name. Never empty; a
  /// file that is named twice is there once.
  package static func all(
    _ arguments: [String], hasInput: Bool = false, exists: (String) -> Bool
  ) throws(ValidationError) -> [DocumentLocation] {
    var locations: [DocumentLocation] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      var location: DocumentLocation
      if argument.hasPrefix("+") {
        let place = try position(argument)
        guard let name = rest.popFirst() ?? (hasInput && locations.isEmpty ? "-" : nil) else {
          throw ValidationError("+LINE needs a file, or text on standard input.")
        }
        location = try DocumentLocation(name, at: place, exists: exists)
      } else if rest.count == 1, let last = rest.first, last.hasPrefix("+") {
        rest.removeFirst()
        location = try DocumentLocation(argument, at: position(last), exists: exists)
      } else {
        location = try DocumentLocation(argument, at: nil, exists: exists)
      }
      if let known = locations.firstIndex(where: { $0.source == location.source }) {
        if location.line != nil { locations[known] = location }
      } else {
        locations.append(location)
      }
    }
    if locations.isEmpty {
      locations.append(DocumentLocation(source: hasInput ? .standardInput : .untitled))
    }
    return locations
  }

  /// One argument; `place` as it was given beside it.
  package init(
    _ name: String, at place: (line: Int, column: Int?)? = nil, exists: (String) -> Bool
  ) throws(ValidationError) {
    guard !name.isEmpty else { throw ValidationError("The file name is empty.") }
    if name == "-" {
      self.init(source: .standardInput, line: place?.line, column: place?.column)
    } else if place == nil, !exists(name), let (path, found) = Self.split(name) {
      self.init(source: .file(path), line: found.line, column: found.column)
    } else {
      self.init(source: .file(name), line: place?.line, column: place?.column)
    }
  }

  private static func position(
    _ text: String
  ) throws(ValidationError) -> (line: Int, column: Int?) {
    guard let place = place(text.dropFirst()) else {
      throw ValidationError(
        "“\(text)” is not a position: expected +LINE or +LINE:COLUMN, counted from 1.")
    }
    return place
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
