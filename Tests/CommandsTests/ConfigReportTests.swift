import Commands
import Editing
import JSON
import Platform
import Settings
import Testing

@testable import palimpsest

/// `palimpsest config`.
struct ConfigReportTests {
  private func report(
    _ text: String?, _ options: ConfigReport.Options = ConfigReport.Options(),
    _ variables: [String: String] = [:]
  ) -> ConfigReport {
    let files = SettingsFiles(
      configuration: "/etc/p", executable: "/opt/bin/palimpsest",
      names: { $0 == "/opt/share/palimpsest/themes" ? ["dark.toml", "light.toml", "x"] : [] },
      read: { path in
        switch path {
        case "/etc/p/config.toml": text
        case "/opt/share/palimpsest/themes/light.toml": "name = \"light\""
        default: nil
        }
      })
    return ConfigReport(
      files, options: options,
      directories: Directories(environment: { variables[$0] }, home: "/home/me"),
      variable: { variables[$0] })
  }

  private func row(_ report: ConfigReport, _ name: String) -> ConfigReport.Row? {
    (report.settings + report.languages + report.keys).first {
      $0.path.joined(separator: ".") == name
    }
  }

  private static let file = """
    theme = "light"
    reduced-motion = true
    [editor]
    tab-width = 8
    line-numbers = 3
    [infill]
    budget = "1.5s"
    [languages]
    "*.x" = "html"
    [keys.text]
    ctrl-f = "save"
    Ctrl-G = ""
    """

  @Test func eachHasItsSource() {
    let found = report(
      Self.file, ConfigReport.Options(theme: nil, engine: "box", threads: 3),
      ["LANG": "de_DE.UTF-8", "XDG_DATA_HOME": "/data", "XDG_STATE_HOME": "relative"])
    #expect(row(found, "theme")?.source == .file(line: 1))
    #expect(row(found, "editor.tab-width")?.value == .int(8))
    #expect(row(found, "editor.tab-width")?.source == .file(line: 4))
    // A value that is refused leaves the default.
    #expect(row(found, "editor.line-numbers")?.value == .bool(true))
    #expect(row(found, "editor.line-numbers")?.source == .standard)
    #expect(found.faults.contains { $0.key == "editor.line-numbers" })
    #expect(row(found, "infill.budget")?.value == .text("1500ms"))
    #expect(row(found, "infill.quality")?.source == .setting("infill.budget"))
    #expect(row(found, "infill.step-milliseconds")?.source == .setting("reduced-motion"))
    #expect(row(found, "threads")?.source == .option("--threads"))
    #expect(row(found, "infill.engine")?.value == .text("box"))
    #expect(row(found, "editor.spelling")?.note == "de_DE")
    #expect(row(found, "editor.spelling")?.source == .variable("LANG"))
    #expect(row(found, "languages.*.x")?.source == .file(line: 9))
    #expect(row(found, "keys.text.Ctrl-F")?.value == .text("save"))
    #expect(row(found, "keys.text.Ctrl-F")?.source == .file(line: 11))
    #expect(row(found, "keys.text.Ctrl-G")?.value == .text(""))
    #expect(row(found, "keys.text.Ctrl-G")?.source == .file(line: 12))
    #expect(row(found, "keys.text.Ctrl-S")?.source == .standard)
    #expect(
      found.folders.map(\.source) == [
        .standard, .variable("XDG_DATA_HOME"), .standard, .standard,
      ])
    #expect(found.themes.map(\.name) == ["dark", "light"])
    #expect(
      found.themes.filter(\.isUsed).map(\.file) == ["/opt/share/palimpsest/themes/light.toml"])
  }

  /// The text is itself a file of settings that says the same.
  @Test(arguments: [nil, "", file]) func theTextSetsWhatIsInForce(_ text: String?) throws {
    let found = report(text)
    let again = try Configuration.parse(found.text, file: "again")
    #expect(again.warnings == [])
    let first = try Configuration.parse(text ?? "", file: "first").value
    for setting in Setting.all {
      #expect(setting.value(in: again.value) == setting.value(in: first), "\(setting.name)")
    }
    #expect(
      again.value.keymap.bindings.mapValues { $0.count }
        == first.keymap.bindings.mapValues { $0.count })
    #expect(again.value.editor.languages == first.editor.languages)
    #expect(found.text.contains(text == nil ? "(there is none)" : "/etc/p/config.toml\n"))
  }

  @Test func jsonHasTheSame() throws {
    let found = report(Self.file, ConfigReport.Options(), ["NO_COLOR": "1"])
    let json = try JSONValue.parse(Array(found.json.serialized().utf8), file: "output")
    #expect(json["variables"]?["NO_COLOR"]?.string == "1")
    let settings = json["settings"]?.array ?? []
    #expect(settings.count == Setting.all.count + 1 + 1)
    let width = settings.first { $0["setting"]?.string == "editor.tab-width" }
    #expect(width?["value"]?.int == 8 && width?["line"]?.int == 4)
    #expect(width?["source"]?.string == "file")
    #expect((json["faults"]?.array ?? []).isEmpty == false)
    let keys = json["keys"]?.array ?? []
    #expect(keys.count >= Keymap.standard.bindings.values.reduce(0) { $0 + $1.count })
  }

  @Test func aThemeByPathIsListed() {
    let found = report(nil, ConfigReport.Options(theme: "./no/theme.toml"))
    #expect(found.themes.last?.isUsed == true && found.themes.last?.file == nil)
    #expect(found.faults.contains { $0.found == "no such file" })
  }
}
