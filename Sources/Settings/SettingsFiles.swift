public import Rendering

/// Finds and reads settings and themes. All access to files goes through `read`.
public struct SettingsFiles: Sendable {
  /// Folder of the user's settings; nil without one.
  public let configuration: String?
  /// Folders of themes in the order they are searched.
  public let themes: [String]
  private let read: @Sendable (String) -> String?

  /// - Parameters:
  ///   - configuration: the folder of `config.toml`, `$XDG_CONFIG_HOME/palimpsest`.
  ///   - executable: absolute path of the program. Themes are looked up in
  ///     `../share/palimpsest/themes` of its folder, and in `Themes` of the checkout that it was
  ///     built in.
  ///   - read: returns the text of a file, nil if it does not exist.
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

  /// The user's `config.toml`, or the defaults without one. A file that is not TOML counts as
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

  /// A theme by name or, if it has a slash, by path. A file of the name `dark` or `palimpsest-dark`
  /// replaces the built-in theme. Throws if the theme does not exist or its file is not TOML.
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
