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
