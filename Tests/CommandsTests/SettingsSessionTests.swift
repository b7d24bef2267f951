import Editing
import Platform
import Settings
import TestSupport
import Testing

@testable import palimpsest

/// What a session does to the settings, and to the user's file when asked.
struct SettingsSessionTests {
  private func session(_ home: Scratch, given: [String: String] = [:]) -> SettingsSession {
    let files = SettingsFiles(
      configuration: home.path("palimpsest"), executable: nil,
      names: { Files.names(in: $0) },
      read: { path in Files.contents(path).map { String(decoding: $0, as: UTF8.self) } })
    return SettingsSession(files, files.configurationText(), given: given)
  }

  private func change(
    _ session: inout SettingsSession, _ name: String, _ value: String
  ) -> SettingsReply? {
    session.change(name, to: value, present: session.configuration.editor)
  }

  @Test func aChangeCountsAndIsWrittenWhenAsked() throws {
    let home = try Scratch()
    try Files.makeFolder(home.path("palimpsest"))
    let old = "# mine\n[editor]\nfocus = \"off\" # later\n"
    try home.file("palimpsest/config.toml", old)
    var session = session(home)
    guard case .changed(let choice, false)? = change(&session, "editor.tab-width", "8") else {
      Issue.record("refused")
      return
    }
    #expect(choice.value == "8" && session.configuration.editor.tabWidth == 8)
    _ = change(&session, "editor.focus", "sentence")
    #expect(home.read("palimpsest/config.toml") == old)
    let file = home.path("palimpsest/config.toml")
    #expect(session.write(["editor.tab-width", "editor.focus"]) == .written(file))
    #expect(
      home.read("palimpsest/config.toml")
        == "# mine\n[editor]\ntab-width = 8\nfocus = \"sentence\" # later\n")
    #expect(Files.names(in: home.path("palimpsest")) == ["config.toml"])
  }

  /// Another program's changes since the start are kept.
  @Test func theFileMayHaveChanged() throws {
    let home = try Scratch()
    var session = session(home)
    _ = change(&session, "theme", "light")
    try Files.makeFolder(home.path("palimpsest"))
    try home.file("palimpsest/config.toml", "threads = 3\n")
    _ = session.write(["theme"])
    #expect(home.read("palimpsest/config.toml") == "threads = 3\ntheme = \"light\"\n")
    _ = change(&session, "theme", "")
    _ = session.write(["theme"])
    #expect(home.read("palimpsest/config.toml") == "threads = 3\n# theme = \"light\"\n")
  }

  @Test func aFileIsMade() throws {
    let home = try Scratch()
    var session = session(home)
    _ = change(&session, "infill.candidates", "6")
    _ = session.write(["infill.candidates"])
    #expect(home.read("palimpsest/config.toml") == "[infill]\ncandidates = 6\n")
  }

  @Test func otherBytesAreNotWrittenOver() throws {
    let home = try Scratch()
    var session = session(home)
    _ = change(&session, "theme", "light")
    try Files.makeFolder(home.path("palimpsest"))
    try Files.write([0x23, 0xE9, 0x0A], to: home.path("palimpsest/config.toml"))
    guard case .notWritten(let reason) = session.write(["theme"]) else {
      Issue.record("written")
      return
    }
    #expect(reason.contains("expected UTF-8"))
    #expect(Files.contents(home.path("palimpsest/config.toml")) == [0x23, 0xE9, 0x0A])
  }

  @Test(arguments: [
    ("editor.tab-width", "99", "expected a whole number from 1 to 16, found 99"),
    ("editor.tab-width", "x", "expected a whole number from 1 to 16"),
    ("editor.smart-quotes", "abc", "expected four quotation marks"),
    ("infill.engine", "nowhere", "expected local, or NAME of an [engine.NAME]"),
  ])
  func whatIsWrongIsRefused(name: String, value: String, reason: String) throws {
    var session = session(try Scratch())
    guard case .refused(let choice, value, let found)? = change(&session, name, value) else {
      Issue.record("taken")
      return
    }
    #expect(choice.name == name && found.hasPrefix("\(name): \(reason)"), "\(found)")
    #expect(session.configuration == Configuration())
  }

  @Test func theCommandLineCountsUntilAChange() throws {
    var session = session(try Scratch(), given: ["theme": "./my.toml", "threads": "3"])
    #expect(session.theme == "./my.toml" && session.themes() == ["./my.toml", "dark"])
    #expect(session.choice(named: "threads")?.value == "3")
    guard case .changed(_, isDelayed: true)? = change(&session, "threads", "2") else {
      Issue.record("refused")
      return
    }
    #expect(session.choice(named: "threads")?.value == "2")
    _ = change(&session, "theme", "dark")
    #expect(session.theme == "dark")
  }

  @Test func everySettingButPatternsIsListed() throws {
    let names = session(try Scratch()).choices().map(\.name)
    #expect(Set(names) == Set(Setting.all.map(\.name)).subtracting(["remote.never"]))
  }
}
