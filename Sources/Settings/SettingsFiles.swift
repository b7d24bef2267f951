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
  private let names: @Sendable (String) -> [String]

  /// - Parameters:
  ///   - configuration: the folder of `config.toml`, `$XDG_CONFIG_HOME/palimpsest`.
  ///   - executable: absolute path of the program. Themes are looked up in
  ///     `../share/palimpsest/themes` of its folder, and in `Themes` of the checkout that it was
  ///     built in; languages likewise.
  ///   - names: returns the names in a folder, sorted; none if it does not exist.
  ///   - read: returns the text of a file, nil if it does not exist.
  public init(
    configuration: String?, executable: String?,
    names: @escaping @Sendable (String) -> [String] = { _ in [] },
    read: @escaping @Sendable (String) -> String?
  ) {
    self.configuration = configuration
    themes = Self.folders("themes", checkout: "Themes", configuration, executable)
    languages = Self.folders("languages", checkout: "Languages", configuration, executable)
    self.names = names
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

  /// The user's settings; nil without a folder for them.
  public var configurationFile: String? { configuration.map { $0 + "/config.toml" } }

  /// The text of the user's settings; nil if there is no such file.
  public func configurationText() -> ConfigurationText? {
    configurationFile.flatMap { file in read(file).map { ConfigurationText($0, file: file) } }
  }

  /// A theme by name or, if it has a slash, by path. A file of the name `dark` or `palimpsest-dark`
  /// replaces the built-in theme. Throws if the theme does not exist or its file is not TOML.
  public func loadTheme(_ name: String) throws(SettingsError) -> Loaded<Theme> {
    if let (file, text) = themeText(name) { return try ThemeFile.parse(text, file: file) }
    if name.contains("/") {
      throw SettingsError(file: name, expected: "a theme", found: "no such file")
    }
    if Self.short(name) == Configuration.standardTheme { return Loaded(.standard) }
    throw SettingsError(
      file: "\(name).toml", expected: "a theme in \(themes.joined(separator: ", "))", found: "none")
  }

  /// The file that a theme is read from; nil for the built-in one, and for one that does not exist.
  public func themeFile(_ name: String) -> String? { themeText(name)?.path }

  private func themeText(_ name: String) -> (path: String, text: String)? {
    let short = Self.short(name)
    let names = name == short ? [name] : [name, short]
    let paths =
      name.contains("/")
      ? [name] : themes.flatMap { folder in names.map { "\(folder)/\($0).toml" } }
    for path in paths {
      if let text = read(path) { return (path, text) }
    }
    return nil
  }

  private static func short(_ name: String) -> String {
    let prefix = "palimpsest-"
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// Names of all themes that can be found, sorted, the built-in one among them.
  public func themeNames() -> [String] {
    let found = themes.flatMap(names).filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(".toml".count)) }
    return Set(found + [Configuration.standardTheme]).sorted()
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
