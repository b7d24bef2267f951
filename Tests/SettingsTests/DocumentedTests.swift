import Editing
import Foundation
import Rendering
import TestSupport
import Testing

@testable import Settings

/// `Docs/Configuration.md` against what the code reads.
@Suite struct DocumentedTests {
  private let sections: [String: [String]]

  init() throws {
    let path = SharedFiles.packageRoot + "/Docs/Configuration.md"
    var sections: [String: [String]] = [:]
    var (title, isCode) = ("", false)
    for line in try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n") {
      if line.hasPrefix("```") { isCode.toggle() }
      if !isCode, line.hasPrefix("#") { title = String(line.drop { $0 == "#" }.dropFirst()) }
      sections[title, default: []].append(line)
    }
    self.sections = sections
  }

  /// Names in the first column of the tables of a section, without backquotes and brackets.
  private func names(in section: String) -> [String] {
    (sections[section] ?? []).filter { $0.hasPrefix("| `") }.map { line in
      String(line.dropFirst(3).prefix { $0 != "`" }.filter { $0 != "[" && $0 != "]" })
    }
  }

  @Test func everySetting() throws {
    var reader = try SettingsReader("", file: "config.toml")
    _ = Configuration(&reader)
    let documented =
      names(in: "Top level").map { [$0] }
      + ["editor", "infill", "remote"].flatMap { table in
        names(in: "`[\(table)]`").map { [table, $0] }
      }
    #expect(Set(documented) == reader.known)
    #expect(documented.count == reader.known.count)
  }

  @Test func everySettingOfAnEngine() throws {
    var reader = try SettingsReader("[engine.x]\nkind = \"ollama\"", file: "config.toml")
    _ = Configuration(&reader)
    let known = reader.known.filter { $0.first == "engine" }.compactMap(\.last)
    // That there is no `key` is what its warning says.
    #expect(
      Set(names(in: "`[engine.NAME]`")) == Set(known).subtracting(["key"]))
  }

  @Test func everyKeyTable() {
    #expect(names(in: "Keys").sorted() == Mode.allCases.map { "keys.\($0.rawValue)" }.sorted())
  }

  @Test func everyRole() {
    #expect(names(in: "Roles") == Role.allCases.map(\.rawValue))
  }

  @Test func theFirstExampleHasTheDefaults() throws {
    let lines = try #require(sections["Configuration"])
    let start = try #require(lines.firstIndex(of: "```toml"))
    let end = try #require(lines.lastIndex(of: "```"))
    let example = lines[(start + 1)..<end].joined(separator: "\n")
    let loaded = try Configuration.parse(example, file: "example")
    #expect(loaded.warnings == [])
    #expect(loaded.value == Configuration())
    for name in names(in: "Top level") + names(in: "`[editor]`") + names(in: "`[infill]`") {
      #expect(example.contains("\(name) = "), "\(name)")
    }
  }
}
