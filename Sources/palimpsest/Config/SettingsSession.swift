internal import Editing
internal import Platform
internal import RemoteEngines
internal import Rendering
internal import Settings
internal import Storage

/// The settings of a session: those of the user's file as it was at the start, and what has been changed
/// since.
struct SettingsSession {
  private let files: SettingsFiles
  private var text: ConfigurationText
  private(set) var configuration: Configuration
  /// Values that the command line gave, until they are changed.
  private var given: [String: String]
  private let store = FileStore()

  /// - Parameters:
  ///   - text: the user's file at the start; nil without one.
  ///   - given: values of settings, by name, in place of those of the file.
  init(_ files: SettingsFiles, _ text: ConfigurationText?, given: [String: String]) {
    self.files = files
    self.given = given
    self.text = text ?? ConfigurationText("", file: files.configurationFile ?? "config.toml")
    configuration = self.text.configuration().value
  }

  /// The theme in use, by name.
  var theme: String { given["theme"] ?? configuration.theme ?? Configuration.standardTheme }

  func themes() -> [String] {
    let names = files.themeNames()
    return names.contains(theme) ? names : [theme] + names
  }

  func loadTheme(_ name: String) throws(SettingsError) -> Theme { try files.loadTheme(name).value }

  // MARK: Lists

  /// What an editor can list; lists of patterns are for the file alone.
  func choices() -> [SettingChoice] {
    Setting.all.compactMap { setting in
      if case .list = setting.kind { nil } else { choice(setting) }
    }
  }

  func choice(named name: String) -> SettingChoice? { Setting.named(name).map(choice) }

  private func choice(_ setting: Setting) -> SettingChoice {
    let value = setting.value(in: configuration)
    let kind: SettingChoice.Kind =
      switch (setting.name, setting.kind) {
      case ("theme", _): .choice(themes())
      case ("infill.engine", _):
        .choice([EngineChoice.local.name] + configuration.engines.map(\.name))
      case (_, .bool): .toggle(value == .bool(true))
      case (_, .choice(let names)): .choice(names)
      case (_, let kind): .entry(expected: kind.expected)
      }
    return SettingChoice(
      name: setting.name, title: setting.title, value: given[setting.name] ?? value?.typed ?? "",
      absent: setting.absent, kind: kind)
  }

  // MARK: Changes

  /// Settings that count from the next start on.
  private static let delayed: Set = ["model", "threads"]

  /// Changes a setting to what was typed; empty is the default.
  ///
  /// - Parameter present: what the documents have, which commands may have changed.
  mutating func change(
    _ name: String, to typed: String, present: EditorSettings
  ) -> SettingsReply? {
    guard let setting = Setting.named(name) else { return nil }
    func refused(_ reason: String) -> SettingsReply {
      .refused(choice(setting), typed: typed, reason)
    }
    let value = typed.isEmpty ? nil : setting.kind.value(typed: typed)
    guard typed.isEmpty || value != nil else {
      return refused("\(setting.name): expected \(setting.kind.expected)")
    }
    do throws(SettingsError) {
      try text.set(setting, to: value)
    } catch {
      return refused(
        "\(error.key.isEmpty ? "config.toml" : error.key): expected \(error.expected), found \(error.found)"
      )
    }
    given[name] = nil
    let before = configuration
    configuration = text.configuration().value
    // Alt-I changes it without the list.
    if before.editor.showsPictures == configuration.editor.showsPictures {
      configuration.editor.showsPictures = present.showsPictures
    }
    return .changed(choice(setting), isDelayed: Self.delayed.contains(name))
  }

  /// Writes settings as they are now into the user's file, each by a change of its line.
  func write(_ names: [String]) -> SettingsReply {
    guard let file = files.configurationFile else {
      return .notWritten("There is no folder for settings: HOME is not set.")
    }
    do {
      try Files.makeFolder(Path.folder(of: file))
      let loaded = try store.load(file)
      let bytes = try loaded.contents.bytes()
      guard let old = String(validating: bytes, as: UTF8.self) else {
        return .notWritten("\(file): expected UTF-8, found other bytes. Change it in the file.")
      }
      var changed = ConfigurationText(old, file: file)
      for setting in names.compactMap(Setting.named) {
        try changed.set(setting, to: value(of: setting))
      }
      try store.save(
        Array(changed.text.utf8), to: file,
        expecting: loaded.identity.map(Expectation.unchanged) ?? .missing)
      return .written(file)
    } catch {
      return .notWritten("\(error)")
    }
  }

  /// nil for one that is not set in this session.
  private func value(of setting: Setting) -> SettingValue? {
    Configuration.lines(in: text.text)[setting.path] == nil
      ? nil : setting.value(in: configuration)
  }
}
