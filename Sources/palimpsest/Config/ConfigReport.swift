internal import Editing
internal import Platform
internal import RemoteEngines
internal import Settings
internal import Spelling
internal import Tensors

/// Lists every effective setting with its source.
struct ConfigReport {
  enum Source: Equatable {
    case standard
    /// `config.toml`; the line where it is known.
    case file(line: Int?)
    case option(String)
    case variable(String)
    /// Another setting decides it.
    case setting(String)
  }

  struct Row {
    var path: [String]
    /// nil where nothing is set.
    var value: SettingValue?
    /// What counts then, or what else is to know.
    var note = ""
    var source: Source
  }

  struct Folder {
    var name: String
    var path: String
    var source: Source
  }

  struct ThemeFile {
    var name: String
    /// nil: built in.
    var file: String?
    var isUsed: Bool
  }

  /// Options of the editor's command line, which override settings.
  struct Options {
    var theme: String?
    var engine: String?
    var model: String?
    var threads: Int?
    var kernels: KernelLevel?
  }

  var file: String
  var isRead: Bool
  var folders: [Folder]
  /// Variables that are set and have an effect.
  var variables: [(name: String, value: String, effect: String)]
  var settings: [Row]
  var engines: [(name: String, rows: [Row])]
  /// Paths `keys`, mode, key.
  var keys: [Row]
  var languages: [Row]
  var themes: [ThemeFile]
  var faults: [SettingsError]

  init(
    _ files: SettingsFiles, options: Options, directories: Directories,
    variable: (String) -> String?
  ) {
    let text = files.configurationText()
    let loaded = text?.configuration() ?? Loaded(Configuration())
    let configuration = loaded.value
    let lines = Configuration.lines(in: text?.text ?? "")
    func source(_ path: [String]) -> Source {
      lines[path].map { Source.file(line: $0) } ?? .standard
    }
    file = files.configurationFile ?? ""
    isRead = text != nil
    folders = Self.folders(directories, variable)
    variables = Self.variables(variable)
    settings = Setting.all.map { setting in
      Self.row(setting, configuration, options, source(setting.path), variable)
    }
    settings.append(Self.kernels(options, variable))
    engines = configuration.engines.map { engine in
      (engine.name, Self.rows(engine, source))
    }
    keys = Self.keys(configuration, Array(lines.keys), source)
    languages = configuration.languages.map { pattern, language in
      let path = ["languages", pattern]
      return Row(path: path, value: .text(language), source: source(path))
    }
    let used = options.theme ?? configuration.theme ?? Configuration.standardTheme
    let usedFile = files.themeFile(used)
    themes = files.themeNames().map { name in
      let file = files.themeFile(name)
      return ThemeFile(
        name: name, file: file, isUsed: file == nil ? name == used : file == usedFile)
    }
    if used.contains("/") { themes.append(ThemeFile(name: used, file: usedFile, isUsed: true)) }
    faults = loaded.warnings
    do throws(SettingsError) { faults += try files.loadTheme(used).warnings } catch {
      faults.append(error)
    }
    faults = faults.byPlace
  }

  // MARK: Rows

  private static func row(
    _ setting: Setting, _ configuration: Configuration, _ options: Options, _ source: Source,
    _ variable: (String) -> String?
  ) -> Row {
    let value = setting.value(in: configuration)
    func row(_ given: SettingValue?, _ option: String) -> Row {
      Row(
        path: setting.path, value: given ?? value, note: setting.absent,
        source: given == nil ? source : .option(option))
    }
    switch setting.name {
    case "theme": return row(options.theme.map(SettingValue.text), "--theme")
    case "model": return row(options.model.map(SettingValue.text), "--model")
    case "threads": return row(options.threads.map(SettingValue.int), "--threads")
    case "infill.engine": return row(options.engine.map(SettingValue.text), "--engine")
    case "infill.step-milliseconds" where configuration.reducesMotion:
      return Row(path: setting.path, value: value, source: .setting("reduced-motion"))
    case "editor.spelling" where value == nil:
      let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
      let name = locale.first { !(variable($0) ?? "").isEmpty }
      return Row(
        path: setting.path, value: nil,
        note: SpellingDictionary.language(ofLocale: locale.map(variable)),
        source: name.map(Source.variable) ?? .standard)
    default:
      let deciding = value == nil ? setting.deciding(in: configuration) : nil
      return Row(
        path: setting.path, value: value, note: setting.absent,
        source: deciding.map(Source.setting) ?? source)
    }
  }

  /// The one choice that no file has.
  private static func kernels(_ options: Options, _ variable: (String) -> String?) -> Row {
    let name = KernelLevel.environmentVariable
    let best = KernelLevel.available.last.map(\.rawValue) ?? KernelLevel.portable.rawValue
    let (level, source): (String, Source) =
      if let level = options.kernels {
        (level.rawValue, .option("--kernels"))
      } else if let level = variable(name) {
        (level, .variable(name))
      } else {
        (best, .standard)
      }
    return Row(path: ["kernels"], value: nil, note: level, source: source)
  }

  private static func rows(
    _ engine: EngineConfiguration, _ source: ([String]) -> Source
  ) -> [Row] {
    var rows = engine.values.map { key, value in
      let path = ["engine", engine.name, key]
      return Row(path: path, value: value, source: source(path))
    }
    if let hidden = engine.hiddenKey {
      let path = ["engine", engine.name, hidden]
      rows.append(Row(path: path, value: nil, note: "set, not shown", source: source(path)))
    }
    return rows
  }

  /// Bound keys, and those of the standard keymap that are not bound any more.
  ///
  /// - Parameter paths: of what the file sets. It may write a key in other letters than we do.
  private static func keys(
    _ configuration: Configuration, _ paths: [[String]], _ source: ([String]) -> Source
  ) -> [Row] {
    Mode.allCases.flatMap { mode -> [Row] in
      let bound = configuration.keymap.bindings[mode] ?? [:]
      let standard = Keymap.standard.bindings[mode] ?? [:]
      let written = paths.filter { $0.count == 3 && $0.starts(with: ["keys", mode.rawValue]) }
      return Set(bound.keys).union(standard.keys).map { key in
        Row(
          path: ["keys", mode.rawValue, key.description], value: .text(bound[key] ?? ""),
          source: written.first { Key($0[2]) == key }.map(source) ?? .standard)
      }.sorted { $0.path[2] < $1.path[2] }
    }
  }

  // MARK: Surroundings

  private static func folders(
    _ directories: Directories, _ variable: (String) -> String?
  ) -> [Folder] {
    [
      ("settings", directories.config, "XDG_CONFIG_HOME"),
      ("models", directories.data, "XDG_DATA_HOME"),
      ("unsaved edits", directories.state, "XDG_STATE_HOME"),
      ("caches", directories.cache, "XDG_CACHE_HOME"),
    ].map { name, path, given in
      let counts = variable(given)?.hasPrefix("/") == true
      return Folder(name: name, path: path, source: counts ? .variable(given) : .standard)
    }
  }

  private static func variables(
    _ variable: (String) -> String?
  ) -> [(name: String, value: String, effect: String)] {
    [
      ("NO_COLOR", "no colours"), ("PALIMPSEST_KERNELS", "forces the kernels"),
      ("PALIMPSEST_WHEEL", "the default model is taken from it"),
      ("DICPATH", "dictionaries are looked for there first"),
    ].compactMap { name, effect in variable(name).map { (name, $0, effect) } }
  }
}
