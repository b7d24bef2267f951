internal import Documents
public import Editing
internal import Strings

/// What the `.editorconfig` files around a document say of it.
public enum EditorConfig {
  public static let fileName = ".editorconfig"

  /// Folders that are looked through, at most.
  private static let mostFolders = 64

  /// The style of the file at an absolute path: `read` gives the text of a file, and nil where there is
  /// none. Files are read from the document's folder upwards, until one is the root; what is nearer
  /// counts more, and in a file what is further down. Faults have file and line; a value that is faulty
  /// counts for nothing.
  public static func style(
    of path: String, read: (String) -> String?
  ) -> Loaded<DocumentStyle> {
    var files: [(file: String, name: String, contents: EditorConfigFile)] = []
    var folder = path
    for _ in 0..<mostFolders {
      guard let slash = folder.lastIndex(of: "/") else { break }
      folder = String(folder[..<slash])
      let file = folder + "/" + fileName
      guard let text = read(file) else { continue }
      let name = String(path.dropFirst(folder.count + 1))
      let contents = EditorConfigFile(text, file: file)
      files.append((file, name, contents))
      if contents.isRoot { break }
    }
    var reader = EditorConfigReader()
    for (file, name, contents) in files.reversed() {
      reader.faults += contents.faults
      for property in contents.properties(of: name) { reader.set(property, in: file) }
    }
    let style = reader.style()
    return Loaded(style, warnings: reader.faults.byPlace)
  }
}

/// Properties as they are found, the later ones in place of the earlier.
private struct EditorConfigReader {
  private var found: [String: (property: EditorConfigFile.Property, file: String)] = [:]
  var faults: [SettingsError] = []

  /// Those that are known, in the order in which they are listed.
  private static let known = [
    "indent_style", "indent_size", "tab_width", "max_line_length", "end_of_line", "charset",
    "trim_trailing_whitespace", "insert_final_newline",
  ]

  mutating func set(_ property: EditorConfigFile.Property, in file: String) {
    guard Self.known.contains(property.name) else { return }
    if property.value.lowercased() == "unset" {
      found[property.name] = nil
    } else {
      found[property.name] = (property, file)
    }
  }

  mutating func style() -> DocumentStyle {
    var style = DocumentStyle()
    style.indent = value("indent_style", "tab or space") {
      (["tab": .tabs, "space": .blanks] as [String: DocumentStyle.Indent])[$0]
    }
    let width = 1...100
    let number = "a whole number from 1 to 100"
    let tabWidth = value("tab_width", number) { Self.number($0, in: width) }
    // nil within: as wide as a tab.
    var size: Int??
    size = value("indent_size", number + ", or tab") { (text: String) -> Int?? in
      text == "tab" ? .some(nil) : Self.number(text, in: width).map(Optional.some)
    }
    if size == nil, style.indent == .tabs { size = .some(nil) }
    style.tabWidth = tabWidth ?? (size ?? nil)
    style.indentWidth = size.map { $0 ?? tabWidth } ?? nil
    style.lineLength =
      value("max_line_length", "a whole number from 1 to 1000, or off") { text in
        text == "off" ? .some(nil) : Self.number(text, in: 1...1000).map(Optional.some)
      } ?? nil
    style.newLineEnds = value("end_of_line", "lf or crlf") {
      (["lf": .lf, "crlf": .crlf] as [String: LineEnding])[$0]
    }
    style.newFormat = value("charset", "utf-8, utf-8-bom, utf-16le, utf-16be or latin1") { text in
      switch text {
      case "utf-8", "utf-8-bom": FileFormat(named: text)
      case "latin1", "utf-16le", "utf-16be":
        TextEncoding(named: text).map { FileFormat(forNew: $0) }
      default: nil
      }
    }
    style.trimsBlanks = flag("trim_trailing_whitespace")
    style.endsWithNewline = flag("insert_final_newline")
    style.values = Self.known.compactMap { name in
      found[name].map { found in
        DocumentStyle.Value(
          name: name, value: found.property.value, source: "\(found.file):\(found.property.line)")
      }
    }
    return style
  }

  private mutating func flag(_ name: String) -> Bool {
    value(name, "true or false") { ["true": true, "false": false][$0] } ?? false
  }

  /// A value in lower case as `read` takes it. What it does not take is a fault, and is forgotten.
  private mutating func value<Value>(
    _ name: String, _ expected: String, _ read: (String) -> Value?
  ) -> Value? {
    guard let (property, file) = found[name] else { return nil }
    if let value = read(property.value.lowercased()) { return value }
    found[name] = nil
    faults.append(
      SettingsError(
        file: file, line: property.line, key: name, expected: expected,
        found: property.value.quotedForMessage))
    return nil
  }

  private static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
    guard text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text).flatMap { range.contains($0) ? $0 : nil }
  }
}
