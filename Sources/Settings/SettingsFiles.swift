public import Rendering

/// Where settings and themes lie, and how to get at them. Pure but for `read`.
public struct SettingsFiles: Sendable {
  /// Folder of the user's settings; nil where there is none.
  public let configuration: String?
  /// Folders of themes in the order they are searched.
  public let themes: [String]
  private let read: @Sendable (String) -> String?

  /// `configuration` is the folder of `config.toml`, `$XDG_CONFIG_HOME/palimpsest`. `executable` is the program's own
  /// absolute path: themes are looked up in `../share/palimpsest/themes` beside it, and in the
  /// folder `Themes` of the checkout that it was built in. `read` gives a file's text, nil where
  /// there is no such file.
  public init(
    configuration: String?, executable: String?, read: @escaping @Sendable (String) -> String?
  ) {
    self.configuration = configuration
    var themes = configuration.map { [$0 + "/themes"] } ?? []
    if let executable {
      let parts = executable.split(separator: "/").map(String.init)
      if parts.count >= 2 {
        themes.append(Self.path(parts.dropLast(2) + ["share", "palimpsest", "themes"]))
      }
      if let build = parts.lastIndex(of: ".build") {
        themes.append(Self.path(parts[..<build] + ["Themes"]))
      }
    }
    self.themes = themes
    self.read = read
  }

  private static func path(_ parts: some Sequence<String>) -> String {
    "/" + parts.joined(separator: "/")
  }

  /// The user's `config.toml`; the defaults where there is none. A file that is not TOML counts as
  /// empty, with a warning: settings never keep the program from starting.
  public func loadConfiguration() -> Loaded<Configuration> {
    guard let folder = configuration, let text = read(folder + "/config.toml") else {
      return Loaded(Configuration())
    }
    do {
      return try Configuration.parse(text, file: folder + "/config.toml")
    } catch {
      return Loaded(Configuration(), warnings: [error])
    }
  }

  /// A theme by name or, where it has a slash, by path. `dark`, also as `palimpsest-dark`, is built
  /// in unless a file of that name is found. Throws when there is no such theme, or its file is not
  /// TOML.
  public func loadTheme(_ name: String) throws(SettingsError) -> Loaded<Theme> {
    if name.contains("/") {
      guard let text = read(name) else {
        throw SettingsError(file: name, expected: "a theme", found: "no such file")
      }
      return try ThemeFile.parse(text, file: name)
    }
    let prefix = "palimpsest-"
    let short = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    for folder in themes {
      for candidate in name == short ? [name] : [name, short] {
        let path = "\(folder)/\(candidate).toml"
        if let text = read(path) { return try ThemeFile.parse(text, file: path) }
      }
    }
    if short == "dark" { return Loaded(.standard) }
    throw SettingsError(
      file: "\(name).toml", expected: "a theme in \(themes.joined(separator: ", "))", found: "none")
  }
}
