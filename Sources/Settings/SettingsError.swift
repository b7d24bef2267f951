/// A file of settings or a theme that cannot be used.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
  public let file: String
  /// Both from 1; nil for the file as a whole.
  public let line: Int?
  public let column: Int?
  /// The key, such as `styles.fresh.foreground`; empty for the file.
  public let key: String
  public let expected: String
  public let found: String

  public init(
    file: String, line: Int? = nil, column: Int? = nil, key: String = "", expected: String,
    found: String
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.expected = expected
    self.found = found
  }

  public var description: String {
    let place = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
    let subject = key.isEmpty ? "" : "\(key): "
    return "\(file)\(place): \(subject)expected \(expected), found \(found)"
  }
}

extension [SettingsError] {
  /// The faults, a line each, with the name of a file once for those that follow each other.
  public var text: String {
    var text = ""
    var file: String?
    for fault in self {
      let isSame = fault.file == file
      if file != nil { text += "\n" }
      let known = isSame ? fault.file.count + (fault.line == nil ? 2 : 1) : 0
      text += (isSame ? "  " : "") + fault.description.dropFirst(known)
      file = fault.file
    }
    return text
  }

  /// By line and column within each file; files stay in the order in which they come.
  public var byPlace: [SettingsError] {
    let files = map(\.file)
    return enumerated().sorted { one, other in
      let (a, b) = (one.element, other.element)
      let (first, second) = (files.firstIndex(of: a.file) ?? 0, files.firstIndex(of: b.file) ?? 0)
      return (first, a.line ?? 0, a.column ?? 0, one.offset)
        < (second, b.line ?? 0, b.column ?? 0, other.offset)
    }.map(\.element)
  }
}

/// A value that was read, and the faults of its file.
public struct Loaded<Value: Sendable>: Sendable {
  public let value: Value
  /// One line each, with file, line and column.
  public let warnings: [SettingsError]

  public init(_ value: Value, warnings: [SettingsError] = []) {
    self.value = value
    self.warnings = warnings
  }
}
