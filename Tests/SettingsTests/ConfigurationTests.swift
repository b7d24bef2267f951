import DecodingPolicies
import Editing
import Infilling
import Rendering
import Settings
import Testing

@Suite struct ConfigurationTests {
  @Test func everything() throws {
    let text = """
      theme = "light"
      model = "/data/model.gguf"
      threads = 2

      [editor]
      tab-width = 8
      line-numbers = false

      [infill]
      steps = 12
      schedule = "cosine"
      temperature = 1
      reroll-temperature = 0.5
      step-milliseconds = 40

      [keys.text]
      Ctrl-T = "rewrite"
      Ctrl-R = ""
      "Alt-." = "find"
      """
    let loaded = try Configuration.parse(text, file: "config.toml")
    #expect(loaded.warnings == [])
    let configuration = loaded.value
    #expect(configuration.theme == "light" && configuration.model == "/data/model.gguf")
    #expect(configuration.threads == 2 && !configuration.reducesMotion)
    #expect(configuration.editor.tabWidth == 8 && !configuration.editor.showsLineNumbers)
    #expect(configuration.editor.infill.unmasking == .steps(12, .cosine))
    #expect(configuration.editor.infill.temperature == 1)
    #expect(configuration.editor.rerollTemperature == 0.5)
    #expect(configuration.editor.stepMilliseconds == 40)
    #expect(configuration.keymap.bindings[.text]?[Key(.character("t"), .control)] == "rewrite")
    #expect(configuration.keymap.bindings[.text]?[Key(.character("r"), .control)] == nil)
    #expect(configuration.keymap.bindings[.text]?[Key(.character("."), .alt)] == "find")
  }

  @Test func anEmptyFileIsTheDefaults() throws {
    let loaded = try Configuration.parse("# nothing\n", file: "config.toml")
    #expect(loaded.value == Configuration() && loaded.warnings == [])
  }

  @Test func reducedMotionShowsStepsAtOnce() throws {
    let loaded = try Configuration.parse("reduced-motion = true", file: "config.toml")
    #expect(loaded.value.reducesMotion && loaded.value.editor.stepMilliseconds == 0)
  }

  @Test func theStudio() throws {
    let text = """
      [infill]
      quality = 4
      candidates = 6
      guidance = 2
      doubt = 0.1
      refine-rounds = 5
      follow-steps = true
      """
    let loaded = try Configuration.parse(text, file: "c")
    #expect(loaded.warnings == [])
    let editor = loaded.value.editor
    #expect(
      editor.infill.unmasking == .quality(4) && editor.candidates == 6 && editor.guidance == 2)
    #expect(editor.doubt == 0.1 && editor.refineRounds == 5 && editor.followsSteps)
    let budget = try Configuration.parse("[infill]\nbudget = \"1.5s\"\nsteps = 3", file: "c")
    #expect(budget.value.editor.infill.unmasking == .budget(milliseconds: 1500))
    #expect(budget.warnings.map(\.line) == [3])
  }

  @Test func thresholdWins() throws {
    let text = "[infill]\nsteps = 8\nthreshold = 0.9\n"
    let loaded = try Configuration.parse(text, file: "c")
    #expect(loaded.value.editor.infill.unmasking == .threshold(0.9))
    #expect(loaded.warnings.map(\.line) == [2])
  }

  @Test(arguments: [
    ("colour = 1", "c:1:1: colour: expected a known key, found an unknown one"),
    ("\n\nthreads = 0", "c:3:1: threads: expected a whole number from 1 to 1024, found 0"),
    ("threads = 1.5", "c:1:1: threads: expected a whole number from 1 to 1024, found 1.5"),
    ("theme = 3", "c:1:1: theme: expected a string, found 3"),
    ("theme = [1]", "c:1:1: theme: expected a string, found a list"),
    (
      "[editor]\n  tab-width = \"x\"",
      "c:2:3: editor.tab-width: expected a whole number from 1 to 16, found \u{201c}x\u{201d}"
    ),
    (
      "editor = { tab-width = 99 }",
      "c:1:12: editor.tab-width: expected a whole number from 1 to 16, found 99"
    ),
    ("editor = 4", "c:1:1: editor: expected a known key, found an unknown one"),
    ("[nothing]\na = 1", "c:1:1: nothing: expected a known key, found an unknown one"),
    (
      "[infill]\nschedule = \"slow\"",
      "c:2:1: infill.schedule: expected linear or cosine, found \u{201c}slow\u{201d}"
    ),
    (
      "[infill]\nbudget = \"12\"",
      "c:2:1: infill.budget: expected a time such as 500ms or 1.5s, found \u{201c}12\u{201d}"
    ),
    (
      "[infill]\nquality = 6",
      "c:2:1: infill.quality: expected a whole number from 1 to 5, found 6"
    ),
    (
      "[keys.text]\nCtrl-T = \"fly\"",
      "c:2:1: keys.text.Ctrl-T: expected the name of a command, found \u{201c}fly\u{201d}"
    ),
    (
      "[keys.text]\nHyper-T = \"find\"",
      "c:2:1: keys.text.Hyper-T: expected a key such as Ctrl-T, Alt-Enter or F5, found Hyper-T"
    ),
  ])
  func whatIsWrongIsAWarningWithItsPlace(text: String, warning: String) throws {
    let loaded = try Configuration.parse(text, file: "c")
    #expect(loaded.warnings.map(\.description) == [warning])
    #expect(loaded.value == Configuration())
  }

  /// The parser ends the process at some of these.
  @Test(arguments: [
    ("[=]", 1, 2), ("x = 1\n  [ é]\n", 2, 5), ("[[ $a]]", 1, 4), ("\u{FEFF}[{}]", 1, 3),
    ("a = \"\"\"[\n[\"\"\"\"\n[\n]", 3, 2), ("a = [\n['x'],\n[{}]\n] # [\n[\u{7}]", 5, 2),
    ("a = [[}", 1, 7), ("x = '}'\na = [1, # ]\n}", 3, 1),
  ])
  func bracketsThatEndTheParserAreErrors(text: String, line: Int, column: Int) {
    #expect {
      try Configuration.parse(text, file: "config.toml")
    } throws: {
      let error = $0 as? SettingsError
      return error?.line == line && error?.column == column && error?.expected == "TOML"
    }
  }

  @Test(arguments: [
    "[editor]\ntab-width = 3", "[ editor ] # [=]\ntab-width = 3", "\t[\"editor\"]\ntab-width = 3",
    "['editor']\ntab-width = 3 # \"[=]\n",
    "x = \"\"\"\n[=]\n\\\"\"\"\"\"\"\ny = [\n[{ a = '[' }],\n[ # [=]\n1]]\n[editor]\ntab-width = 3",
    "z = \"\\\"[=\"\n[[w]]\n[editor]\ntab-width = 3",
  ])
  func whatLooksLikeABadHeaderIsRead(text: String) throws {
    #expect(try Configuration.parse(text, file: "config.toml").value.editor.tabWidth == 3)
  }
}

@Suite struct SettingsFilesTests {
  private func files(
    _ contents: [String: String], executable: String? = "/usr/local/bin/palimpsest"
  ) -> SettingsFiles {
    SettingsFiles(configuration: "/home/a/.config/palimpsest", executable: executable) {
      contents[$0]
    }
  }

  private static func theme(_ name: String) -> String { "name = \"\(name)\"" }

  @Test func order() throws {
    let own = "/home/a/.config/palimpsest/themes/light.toml"
    let shared = "/usr/local/share/palimpsest/themes/light.toml"
    let all = [own: Self.theme("own"), shared: Self.theme("shared")]
    #expect(try files(all).loadTheme("light").value.name == "own")
    #expect(
      try files(all.filter { $0.key == shared }).loadTheme("palimpsest-light").value.name
        == "shared")
    let checkout = "/src/palimpsest/Themes/light.toml"
    let built = "/src/palimpsest/.build/x86_64/release/palimpsest"
    #expect(
      try files([checkout: Self.theme("checkout")], executable: built).loadTheme("light").value
        .name == "checkout")
  }

  @Test func builtIn() throws {
    #expect(try files([:]).loadTheme("dark").value.name == "palimpsest-dark")
    #expect(try files([:], executable: nil).loadTheme("palimpsest-dark").warnings == [])
    #expect(throws: SettingsError.self) { try files([:]).loadTheme("mauve") }
    #expect(throws: SettingsError.self) { try files([:]).loadTheme("./mauve.toml") }
    let path = "./mine.toml"
    #expect(try files([path: Self.theme("mine")]).loadTheme(path).value.name == "mine")
  }

  @Test func aBrokenConfigurationIsAWarning() throws {
    let path = "/home/a/.config/palimpsest/config.toml"
    let loaded = try #require(files([path: "theme = "]).configurationText()).configuration()
    #expect(loaded.value == Configuration() && loaded.warnings.count == 1)
    #expect(loaded.warnings.first?.line == 1)
    #expect(files([:]).configurationText() == nil)
  }
}
