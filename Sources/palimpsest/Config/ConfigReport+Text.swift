internal import Settings
internal import Strings

extension ConfigReport {
  /// A file that sets everything to what is in force, with the source of each line as a remark.
  var text: String {
    var lines = ["# Settings in force. \"default\" is built in; \"line\" is one of this file:"]
    lines.append("#   \(file.escapedForMessage)\(isRead ? "" : " (there is none)")")
    for folder in folders {
      lines.append(
        "# \(folder.name.leading(14)) \(folder.path.escapedForMessage)  (\(words(folder.source)))")
    }
    for variable in variables {
      lines.append(
        "# \(variable.name.leading(14)) \(variable.value.escapedForMessage)  (\(variable.effect))")
    }
    lines.append("# themes")
    for theme in themes {
      let mark = theme.isUsed ? "*" : " "
      let file = theme.file?.escapedForMessage ?? "built in"
      lines.append("# \(mark) \(theme.name.escapedForMessage.leading(16)) \(file)")
    }
    lines += tables(settings)
    for engine in engines { lines += tables(engine.rows) }
    lines += tables(languages) + tables(keys)
    return lines.map { $0 + "\n" }.joined()
  }

  /// Rows under the headers of their tables, which follow each other.
  private func tables(_ rows: [Row]) -> [String] {
    var lines: [String] = []
    var table: [String]?
    for row in rows.filter({ $0.path.count == 1 }) + rows.filter({ $0.path.count > 1 }) {
      let here = row.path.dropLast()
      if table != Array(here) {
        table = Array(here)
        lines.append("")
        if !here.isEmpty {
          lines.append("[\(here.map(SettingValue.key).joined(separator: "."))]")
        }
      }
      let key = SettingValue.key(row.path.last ?? "")
      let setting = row.value.map { "\(key) = \($0.toml)" } ?? "# \(key): \(row.note)"
      lines.append("\(setting.leading(37)) # \(words(row.source))")
    }
    return lines
  }

  private func words(_ source: Source) -> String {
    switch source {
    case .standard: "default"
    case .file(let line): line.map { "line \($0)" } ?? "config.toml"
    case .option(let name): name
    case .variable(let name): name
    case .setting(let name): name
    }
  }
}
