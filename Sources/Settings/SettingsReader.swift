internal import TOMLKit

/// Reads values of a TOML file by name. A value of the wrong type is a warning and counts as
/// absent; a key that was not asked for is a warning at the end.
struct SettingsReader {
  let file: String
  private let root: TOMLTable
  private let locator: KeyLocator
  /// Paths of the values that were asked for, present or not.
  private(set) var known: Set<[String]> = []
  private(set) var warnings: [SettingsError] = []

  /// Throws when the text is not TOML.
  init(_ text: String, file: String) throws(SettingsError) {
    self.file = file
    locator = KeyLocator(text)
    func error(at end: String.Index, _ fault: String) -> SettingsError {
      let lines = text[..<end].split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      return SettingsError(
        file: file, line: lines.count, column: (lines.last?.count ?? 0) + 1, expected: "TOML",
        found: "an error: \(fault)")
    }
    // The parser takes a C string and would silently stop there.
    if let end = text.utf8.firstIndex(of: 0) { throw error(at: end, "a NUL character") }
    var brackets = BracketScanner(text)
    if let fault = brackets.firstFault() {
      throw error(at: text.utf8.index(text.startIndex, offsetBy: fault.offset), fault.reason)
    }
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw SettingsError(
        file: file, line: error.source.begin.line, column: error.source.begin.column,
        expected: "TOML", found: "an error: \(error.description)")
    } catch {
      throw SettingsError(file: file, expected: "TOML", found: "\(error)")
    }
  }

  func failure(_ path: [String], expected: String, found: String) -> SettingsError {
    let place = locator.place(of: path)
    return SettingsError(
      file: file, line: place?.line, column: place?.column,
      key: path.joined(separator: "."), expected: expected, found: found)
  }

  mutating func warn(_ path: [String], expected: String, found: String) {
    warnings.append(failure(path, expected: expected, found: found))
  }

  /// Keys of a table in alphabetical order; none if it is absent.
  mutating func keys(_ path: String...) -> [String] {
    guard path.isEmpty || value(path) != nil else { return [] }
    guard let table = table(path) else {
      warn(path, expected: "a table", found: found(path))
      return []
    }
    return table.keys.sorted()
  }

  /// Whether there is anything at a path.
  func has(_ path: String...) -> Bool { value(path) != nil }

  mutating func string(_ path: String...) -> String? { string(at: path) }
  mutating func bool(_ path: String...) -> Bool? { bool(at: path) }
  mutating func int(_ path: String..., in range: ClosedRange<Int>) -> Int? {
    int(at: path, in: range)
  }
  mutating func strings(_ path: String...) -> [String]? { strings(at: path) }

  /// The value of a setting; nil, with a warning, for one of another kind or out of range.
  mutating func value(of setting: Setting) -> SettingValue? {
    let path = setting.path
    switch setting.kind {
    case .bool: return bool(at: path).map(SettingValue.bool)
    case .int(let range): return int(at: path, in: range).map(SettingValue.int)
    case .double(let range): return double(at: path, in: range).map(SettingValue.double)
    case .text: return string(at: path).map(SettingValue.text)
    case .list: return strings(at: path).map(SettingValue.list)
    case .choice(let names):
      guard let name = string(at: path) else { return nil }
      if names.contains(name) { return .text(name) }
      warn(path, expected: setting.kind.expected, found: "\u{201c}\(name)\u{201d}")
      return nil
    }
  }

  private mutating func string(at path: [String]) -> String? {
    read(path, "a string") { $0.string }
  }

  private mutating func bool(at path: [String]) -> Bool? {
    read(path, Setting.Kind.bool.expected) { $0.bool }
  }

  private mutating func int(at path: [String], in range: ClosedRange<Int>) -> Int? {
    read(path, Setting.Kind.int(range).expected) {
      $0.type == .int ? $0.int.flatMap { range.contains($0) ? $0 : nil } : nil
    }
  }

  private mutating func double(at path: [String], in range: ClosedRange<Double>) -> Double? {
    read(path, Setting.Kind.double(range).expected) { value in
      let number = value.type == .int ? value.int.map { Double($0) } : value.double
      return number.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  private mutating func strings(at path: [String]) -> [String]? {
    read(path, "a list of strings") { value in
      guard let array = value.array else { return nil }
      let texts = array.compactMap { $0.string }
      return texts.count == array.count ? texts : nil
    }
  }

  /// The lines of the values that were asked for and taken, from 1; nil for one that is not found.
  func lines() -> [[String]: Int?] {
    let refused = Set(warnings.map(\.key))
    var lines: [[String]: Int?] = [:]
    for path in known where value(path) != nil && !refused.contains(path.joined(separator: ".")) {
      lines[path] = .some(locator.place(of: path)?.line)
    }
    return lines
  }

  /// Describes the value at a path.
  func found(_ path: [String]) -> String {
    guard let value = value(path) else { return "nothing" }
    switch value.type {
    case .string: return "\u{201c}\(value.string ?? "")\u{201d}"
    case .int: return value.int.map { "\($0)" } ?? "a number"
    case .double: return value.double.map { "\($0)" } ?? "a number"
    case .bool: return value.bool == true ? "true" : "false"
    case .array: return "a list"
    default: return "a \(value.type.rawValue)"
    }
  }

  /// Warns of every key that was not asked for.
  mutating func finish() { warnUnknown(root, []) }

  private mutating func warnUnknown(_ table: TOMLTable, _ path: [String]) {
    for key in table.keys.sorted() {
      let inner = path + [key]
      if known.contains(inner) { continue }
      if let table = table[key]?.table, known.contains(where: { $0.starts(with: inner) }) {
        warnUnknown(table, inner)
      } else {
        warn(inner, expected: "a known key", found: "an unknown one")
      }
    }
  }

  private mutating func read<Value>(
    _ path: [String], _ expected: String, _ convert: (any TOMLValueConvertible) -> Value?
  ) -> Value? {
    known.insert(path)
    guard let present = value(path) else { return nil }
    if let result = convert(present) { return result }
    warn(path, expected: expected, found: found(path))
    return nil
  }

  private func table(_ path: [String]) -> TOMLTable? {
    path.isEmpty ? root : value(path)?.table
  }

  private func value(_ path: [String]) -> (any TOMLValueConvertible)? {
    guard let last = path.last else { return nil }
    var table = root
    for key in path.dropLast() {
      guard let inner = table[key]?.table else { return nil }
      table = inner
    }
    return table[last]
  }
}
