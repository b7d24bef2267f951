internal import Editing

/// The text of `config.toml`, in which single settings are changed. A change touches one line, or adds
/// one; all others stay as they are, byte for byte.
public struct ConfigurationText: Sendable, Equatable {
  public let file: String
  public private(set) var text: String

  public init(_ text: String, file: String) {
    self.text = text
    self.file = file
  }

  /// The settings that the text has, and its faults. A text that is not TOML counts as empty.
  public func configuration() -> Loaded<Configuration> {
    do { return try Configuration.parse(text, file: file) } catch {
      return Loaded(Configuration(), warnings: [error])
    }
  }

  /// Sets a setting. nil comments its line out, which leaves the default.
  ///
  /// Throws, with the text as it was, if the value does not count then, if the text is not TOML, and
  /// where the line has a form that is not changed here, such as a value of several lines.
  public mutating func set(_ setting: Setting, to value: SettingValue?) throws(SettingsError) {
    var changed = self
    let before = try Configuration.parse(text, file: file)
    changed.text = try edited(setting, value)
    let after = try Configuration.parse(changed.text, file: file)
    if let fault = after.warnings.first(where: { $0.key == setting.name }) { throw fault }
    guard Self.areAlike(before.value, after.value, but: setting),
      value == nil || setting.value(in: after.value) == value,
      after.warnings.count <= before.warnings.count
    else { throw refusal(setting, line: KeyLocator(text).exactPlace(setting.path)?.line) }
    self = changed
  }

  private func refusal(_ setting: Setting, line: Int?) -> SettingsError {
    SettingsError(
      file: file, line: line, key: setting.name, expected: "a line that can be changed here",
      found: "another form; change it in the file")
  }

  /// Whether two configurations are the same but for a setting and what depends on it.
  private static func areAlike(
    _ one: Configuration, _ other: Configuration, but setting: Setting
  ) -> Bool {
    let isEffort = Setting.effort.contains { $0.path == setting.path }
    let same = Setting.all.allSatisfy { another in
      if another.path == setting.path { return true }
      if isEffort, Setting.effort.contains(where: { $0.path == another.path }) { return true }
      if setting.name == "reduced-motion", another.name == "infill.step-milliseconds" {
        return true
      }
      return another.value(in: one) == another.value(in: other)
    }
    return same && one.keymap == other.keymap && one.engines == other.engines
      && one.editor.languages == other.editor.languages
  }

  // MARK: Editing

  private func edited(_ setting: Setting, _ value: SettingValue?) throws(SettingsError) -> String {
    var lines = Self.lines(of: text)
    let locator = KeyLocator(text)
    if let place = locator.exactPlace(setting.path) ?? locator.inlinePlace(setting.path) {
      let index = place.line - 1
      guard let line = Self.replacing(value, in: lines[index], at: place.column - 1) else {
        throw refusal(setting, line: place.line)
      }
      lines[index] = line
      return lines.joined()
    }
    guard let value else { return text }
    insert("\(SettingValue.key(setting.path.last ?? "")) = \(value.toml)", for: setting, &lines)
    return lines.joined()
  }

  /// Lines with their ends.
  private static func lines(of text: String) -> [String] {
    var lines = [""]
    for character in text {
      lines[lines.count - 1].append(character)
      if character.isNewline { lines.append("") }
    }
    return lines
  }

  /// A line with another value of the key that begins at a character, or with nil as a remark; nil
  /// where the value does not end in it.
  private static func replacing(
    _ value: SettingValue?, in line: String, at column: Int
  ) -> String? {
    var scanner = ValueScanner(line, from: column)
    guard let range = scanner.value() else { return nil }
    guard let value else {
      let key = line.index(line.startIndex, offsetBy: column)
      let isAlone = line[..<key].allSatisfy { $0 == " " || $0 == "\t" }
      return isAlone ? line[..<key] + "# " + line[key...] : nil
    }
    return line[..<range.lowerBound] + value.toml + line[range.upperBound...]
  }

  private func insert(_ line: String, for setting: Setting, _ lines: inout [String]) {
    let ending = lines.count > 1 && lines[0].hasSuffix("\r\n") ? "\r\n" : "\n"
    let table = Array(setting.path.dropLast())
    let locator = KeyLocator(text)
    if let remark = locator.remark(of: setting.path) {
      lines.insert(line + ending, at: remark)
    } else if table.isEmpty {
      guard let header = locator.firstHeader else {
        return append([line], ending, &lines)
      }
      // After the last key before the header, or above the header and the remarks that belong to it.
      func isRemark(_ line: String) -> Bool { line.drop { $0 == " " || $0 == "\t" }.hasPrefix("#") }
      let last = lines[..<(header - 1)].lastIndex { line in
        line.contains { !$0.isWhitespace } && !isRemark(line)
      }
      if let last {
        lines.insert(line + ending, at: last + 1)
      } else {
        var index = header - 1
        while index > 0, isRemark(lines[index - 1]) { index -= 1 }
        lines.insert(line + ending + ending, at: index)
      }
    } else if let header = locator.exactPlace(table)?.line {
      lines.insert(line + ending, at: header)
    } else {
      let header = "[\(table.map(SettingValue.key).joined(separator: "."))]"
      append((text.isEmpty ? [] : [""]) + [header, line], ending, &lines)
    }
  }

  private func append(_ new: [String], _ ending: String, _ lines: inout [String]) {
    if lines.last?.isEmpty == false { lines[lines.count - 1] += ending }
    lines.append(contentsOf: new.map { $0 + ending })
  }
}

/// Finds the value after a key on a line of TOML.
private struct ValueScanner {
  private let text: String
  private var index: String.Index

  init(_ text: String, from column: Int) {
    self.text = text
    index = text.index(text.startIndex, offsetBy: column)
  }

  private var next: Character? { index < text.endIndex ? text[index] : nil }

  /// nil where there is none, where it is a list or a table, and where it does not end in the line.
  mutating func value() -> Range<String.Index>? {
    while let character = next, character != "=" {
      if character == "\"" || character == "'" {
        guard skipString() else { return nil }
      } else {
        text.formIndex(after: &index)
      }
    }
    guard next == "=" else { return nil }
    text.formIndex(after: &index)
    while next == " " || next == "\t" { text.formIndex(after: &index) }
    let start = index
    switch next {
    case nil, "[", "{": return nil
    case "\"", "'":
      let rest = text[index...]
      guard !rest.hasPrefix("\"\"\""), !rest.hasPrefix("'''"), skipString() else { return nil }
    default:
      while let character = next, !character.isWhitespace, !",]}#".contains(character) {
        text.formIndex(after: &index)
      }
    }
    return start < index ? start..<index : nil
  }

  /// Steps past a string; false where it has no end.
  private mutating func skipString() -> Bool {
    let quote = next
    text.formIndex(after: &index)
    while let character = next {
      text.formIndex(after: &index)
      if character == quote { return true }
      if character == "\\", quote == "\"", next != nil { text.formIndex(after: &index) }
    }
    return false
  }
}
