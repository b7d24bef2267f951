import Settings
import TestSupport
import Testing

/// Single lines of `config.toml` are changed; all others stay.
struct ConfigurationTextTests {
  private func edit(
    _ text: String, _ name: String, _ value: SettingValue?
  ) throws -> String {
    var edited = ConfigurationText(text, file: "config.toml")
    try edited.set(#require(Setting.named(name)), to: value)
    return edited.text
  }

  @Test func aValueIsReplacedInItsLine() throws {
    let text = """
      # mine
      theme = 'dark'   # at night
      [editor]   # writing
        "tab-width"=4# four
      line-numbers = true
      [infill]
      quality = 3

      """
    #expect(
      try edit(text, "theme", .text("light"))
        == text.replacing("'dark'   # at night", with: "\"light\"   # at night"))
    #expect(
      try edit(text, "editor.tab-width", .int(8)) == text.replacing("=4# four", with: "=8# four"))
    #expect(
      try edit(text, "editor.line-numbers", .bool(false))
        == text.replacing("= true", with: "= false"))
    #expect(try edit(text, "infill.quality", .int(5)) == text.replacing("y = 3", with: "y = 5"))
  }

  @Test func otherFormsOfAKey() throws {
    #expect(
      try edit("editor = { tab-width = 2, word-count = true } # x\n", "editor.tab-width", .int(3))
        == "editor = { tab-width = 3, word-count = true } # x\n")
    #expect(
      try edit("editor.tab-width = 2\n", "editor.tab-width", .int(3)) == "editor.tab-width = 3\n")
    #expect(
      try edit("theme = \"a # \\\" b\" # c", "theme", .text("d")) == "theme = \"d\" # c")
    #expect(
      try edit("theme = \"a\"\r\nthreads = 2\r\n", "threads", .int(3))
        == "theme = \"a\"\r\nthreads = 3\r\n")
  }

  @Test func aLineIsAdded() throws {
    #expect(try edit("", "theme", .text("light")) == "theme = \"light\"\n")
    #expect(try edit("", "editor.tab-width", .int(2)) == "[editor]\ntab-width = 2\n")
    #expect(
      try edit("theme = \"light\"", "editor.tab-width", .int(2))
        == "theme = \"light\"\n\n[editor]\ntab-width = 2\n")
    #expect(
      try edit("# a\n\n# b\n[editor]\n# c\nfocus = \"off\"\n", "editor.tab-width", .int(2))
        == "# a\n\n# b\n[editor]\ntab-width = 2\n# c\nfocus = \"off\"\n")
    #expect(
      try edit("# a\n\n# b\n[editor]\nfocus = \"off\"\n", "theme", .text("x"))
        == "# a\n\ntheme = \"x\"\n\n# b\n[editor]\nfocus = \"off\"\n")
    #expect(
      try edit("threads = 2 # t\n\n[editor]\n", "theme", .text("x"))
        == "threads = 2 # t\ntheme = \"x\"\n\n[editor]\n")
    #expect(
      try edit("[editor]\r\n", "editor.tab-width", .int(2)) == "[editor]\r\ntab-width = 2\r\n")
  }

  /// A remark that shows the setting is where it belongs.
  @Test func aLineIsAddedBelowItsRemark() throws {
    #expect(
      try edit(
        "a.b = 1\n# theme = \"dark\"  # a name\n\n[editor]\n# tab-width = 4\n", "theme", .text("x"))
        == "a.b = 1\n# theme = \"dark\"  # a name\ntheme = \"x\"\n\n[editor]\n# tab-width = 4\n")
    #expect(
      try edit(
        "[infill]\n# tab-width = 1\n[editor]\n# tab-width = 4\n", "editor.tab-width", .int(2))
        == "[infill]\n# tab-width = 1\n[editor]\n# tab-width = 4\ntab-width = 2\n")
  }

  @Test func theDefaultIsARemark() throws {
    #expect(try edit("  theme = \"x\" # y\n", "theme", nil) == "  # theme = \"x\" # y\n")
    #expect(try edit("[editor]\n", "editor.tab-width", nil) == "[editor]\n")
  }

  @Test(arguments: [
    ("theme = \"\"\"\nx\"\"\"\n", "theme", SettingValue.text("y")),
    ("editor = { tab-width = 2 }\n", "editor.word-count", .bool(true)),
    ("[editor]\nfocus = \"\"\"\noff\"\"\"\n", "editor.focus", .text("sentence")),
    ("theme = \n", "theme", .text("y")),
    ("[infill]\nthreshold = 0.8\n", "infill.steps", .int(3)),
    ("", "editor.tab-width", .int(99)), ("", "editor.smart-quotes", .text("abc")),
    ("", "infill.engine", .text("nowhere")), ("", "infill.budget", .text("soon")),
  ])
  func whatCannotBeChangedStays(text: String, name: String, value: SettingValue) throws {
    var edited = ConfigurationText(text, file: "config.toml")
    let setting = try #require(Setting.named(name))
    #expect(throws: SettingsError.self) { try edited.set(setting, to: value) }
    #expect(edited.text == text)
  }

  /// Whatever the file looks like, a change alters at most one of its lines.
  @Test func onlyOneLineChanges() throws {
    let pieces = [
      "# a remark", "", "theme = \"x\"", "threads = 2 # two", "[editor]", "tab-width = 3",
      "  line-numbers = false", "# tab-width = 5", "[infill] # fill", "quality = 2",
      "temperature = 0.5", "[keys.text]", "Ctrl-T = \"rewrite\"", "[languages]",
      "\"*.x\" = \"html\"", "model = 'a\\b'", "unknown = [1,", "2]", "# [editor]",
    ]
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for _ in 0..<min(2000, Property.operations) {
      let lines = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }
      let text = lines.map { $0 + "\n" }.joined()
      guard let setting = Setting.all.randomElement(using: &random) else { continue }
      let value: SettingValue? =
        switch setting.kind {
        case .bool: .bool(Bool.random(using: &random))
        case .int(let range): .int(Int.random(in: range, using: &random))
        case .double: .double(0.25)
        case .choice(let names): names.randomElement(using: &random).map(SettingValue.text)
        case .text, .list: nil
        }
      var edited = ConfigurationText(text, file: "c")
      do {
        try edited.set(setting, to: value)
      } catch {
        #expect(edited.text == text, "seed \(seed)")
        continue
      }
      if let value {
        #expect(setting.value(in: edited.configuration().value) == value, "seed \(seed)")
      }
      let new = edited.text.split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
      let old = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let head = zip(old, new).prefix { $0 == $1 }.count
      let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed())
        .prefix { $0 == $1 }.count
      #expect(old.count - head - tail <= 1, "seed \(seed):\n\(text)→\n\(edited.text)")
      #expect(new.count - head - tail <= 3, "seed \(seed):\n\(text)→\n\(edited.text)")
    }
  }
}
