public import Highlighting
public import Rendering

/// Finds and reads settings and themes. All access to files goes through `read`.
public struct SettingsFiles: Sendable {
  /// Folder of the user's settings; nil without one.
  public let configuration: String?
  /// Folders of themes, and of rules of languages, in the order they are searched.
  public let themes: [String]
  public let languages: [String]
  private let read: @Sendable (String) -> String?

  /// - Parameters:
  ///   - configuration: the folder of `config.toml`, `$XDG_CONFIG_HOME/palimpsest`.
  ///   - executable: absolute path of the program. Themes are looked up in
  ///     `../share/palimpsest/themes` of its folder, and in `Themes` of the checkout that it was
  ///     built in; languages likewise.
  ///   - read: returns the text of a file, nil if it does not exist.
  public init(
    configuration: String?, executable: String?, read: @escaping @Sendable (String) -> String?
  ) {
    self.configuration = configuration
    themes = Self.folders("themes", checkout: "Themes", configuration, executable)
    languages = Self.folders("languages", checkout: "Languages", configuration, executable)
    self.read = read
  }

  private static func folders(
    _ name: String, checkout: String, _ configuration: String?, _ executable: String?
  ) -> [String] {
    var folders = configuration.map { ["\($0)/\(name)"] } ?? []
    if let executable {
      let parts = executable.split(separator: "/").map(String.init)
      if parts.count >= 2 {
        folders.append(path(parts.dropLast(2) + ["share", "palimpsest", name]))
      }
      if let build = parts.lastIndex(of: ".build") {
        folders.append(path(parts[..<build] + [checkout]))
      }
    }
    return folders
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

  /// The rules of a language by name; nil if there is no file of them. Throws if the file, or that of
  /// the language it extends, cannot be used.
  public func loadLanguage(_ name: String) throws(SettingsError) -> Grammar? {
    guard let file = try LanguageFile.read(name, find: languageText) else { return nil }
    return try file.grammar()
  }

  /// A file of a language and its text. A name with a slash is none.
  private func languageText(_ name: String) -> (path: String, text: String)? {
    guard !name.contains("/"), !name.hasPrefix(".") else { return nil }
    for folder in languages {
      let path = "\(folder)/\(name).toml"
      if let text = read(path) { return (path, text) }
    }
    return nil
  }
}
