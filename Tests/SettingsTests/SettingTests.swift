import Settings
import Testing

/// Settings as a table: each is read, and is found again.
struct SettingTests {
  /// Any value but the default that a setting takes.
  private static func other(_ setting: Setting) -> SettingValue {
    switch setting.kind {
    case .bool: setting.value(in: Configuration()) == .bool(true) ? .bool(false) : .bool(true)
    case .int(let range): .int(range.upperBound - 1)
    case .double(let range): .double(range.upperBound / 4)
    case .choice(let names): .text(names.last ?? "")
    case .list: .list(["~/a*", "/b"])
    case .text:
      switch setting.name {
      case "infill.budget": .text("250ms")
      case "editor.smart-quotes": .text("„“‚‘")
      case "infill.engine": .text("local")
      default: .text("other")
      }
    }
  }

  private static func file(_ path: [String], _ value: SettingValue) -> String {
    let header = path.count > 1 ? "[\(path[0])]\n" : ""
    return header + "\(path.last ?? "") = \(value.toml)\n"
  }

  @Test func everySettingIsReadAndFoundAgain() throws {
    for setting in Setting.all {
      let value = Self.other(setting)
      let loaded = try Configuration.parse(Self.file(setting.path, value), file: "c")
      #expect(loaded.warnings == [], "\(setting.name)")
      #expect(setting.value(in: loaded.value) == value, "\(setting.name)")
      #expect(Setting.named(setting.name)?.path == setting.path)
      for untouched in Setting.all where untouched.path != setting.path {
        let isRelated =
          setting.name == "reduced-motion" && untouched.name == "infill.step-milliseconds"
          || untouched.deciding(in: loaded.value) != nil || untouched.name == "infill.steps"
        if isRelated { continue }
        #expect(
          untouched.value(in: loaded.value) == untouched.value(in: Configuration()),
          "\(untouched.name) after \(setting.name)")
      }
    }
  }

  @Test func whatIsTypedIsAValueOfTheKind() {
    #expect(Setting.Kind.bool.value(typed: "true") == .bool(true))
    #expect(Setting.Kind.bool.value(typed: "yes") == nil)
    #expect(Setting.Kind.int(1...2).value(typed: "7") == .int(7))
    #expect(Setting.Kind.int(1...2).value(typed: "x") == nil)
    #expect(Setting.Kind.double(0...1).value(typed: "0.5") == .double(0.5))
    #expect(Setting.Kind.text(expected: "").value(typed: "a \"b\"") == .text("a \"b\""))
  }

  @Test func valuesAreTOML() throws {
    let value = SettingValue.text("a\u{1b}\"\\\n\u{85}ü\t")
    #expect(value.toml == #""a\u001B\"\\\n\u0085ü\t""#)
    let loaded = try Configuration.parse("theme = \(value.toml)", file: "c")
    #expect(loaded.value.theme == "a\u{1b}\"\\\n\u{85}ü\t")
    #expect(SettingValue.key("tab-width") == "tab-width")
    #expect(SettingValue.key("Alt-.") == "\"Alt-.\"")
    #expect(SettingValue.list(["a", "b"]).toml == "[\"a\", \"b\"]")
  }

  @Test func oneEffortCounts() throws {
    let loaded = try Configuration.parse("[infill]\nthreshold = 0.8\nsteps = 4\n", file: "c").value
    let names = ["quality", "threshold", "budget", "steps"].map { "infill.\($0)" }
    let values = names.map { Setting.named($0)?.value(in: loaded) }
    #expect(values == [nil, .double(0.8), nil, nil])
    #expect(Setting.named("infill.quality")?.deciding(in: loaded) == "infill.threshold")
    #expect(Setting.named("infill.threshold")?.deciding(in: loaded) == nil)
  }

  @Test func linesOfWhatIsTaken() {
    let lines = Configuration.lines(
      in:
        "theme = \"light\"\nthreads = 0\n[editor]\ntab-width = 3\n[keys.text]\n\"Alt-.\" = \"find\"\n"
    )
    #expect(lines[["theme"]] == .some(1) && lines[["editor", "tab-width"]] == .some(4))
    #expect(lines[["keys", "text", "Alt-."]] == .some(6))
    #expect(lines[["threads"]] == nil && lines[["model"]] == nil)
    #expect(Configuration.lines(in: "= =").isEmpty)
  }

  /// What may be a key is in no value.
  @Test func keysOfEnginesAreNotShown() throws {
    let text = """
      [engine.a]
      kind = "ollama"
      model = "m"
      key-env = "sk-abc123"
      [engine.b]
      kind = "ollama"
      model = "m"
      key-command = "echo hush"
      [engine.c]
      kind = "ollama"
      model = "m"
      key-env = "BOX_KEY"
      key = "sk-hush"
      """
    let engines = try Configuration.parse(text, file: "c").value.engines
    let shown = engines.flatMap { $0.values.map { "\($0.key) = \($0.value.toml)" } }
    #expect(!shown.contains { $0.contains("hush") || $0.contains("abc123") })
    #expect(shown.contains("key-env = \"BOX_KEY\""))
    #expect(engines.map(\.hiddenKey) == ["key-env", "key-command", nil])
  }
}
