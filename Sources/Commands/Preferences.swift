package import Editing
internal import Platform
package import Rendering
package import Settings

/// The user's settings and theme. Faults in their files never keep the editor from starting.
package struct Preferences {
  package var configuration: Configuration
  /// What `configuration` was read from; nil without a file.
  package var text: ConfigurationText?
  package var theme: Theme
  /// All that is wrong in them.
  package var faults: [SettingsError]

  /// The faults that a message lists; more would cover the text.
  private static let mostListed = 5

  /// What is wrong, for the start of the editor; nil if nothing is.
  package var message: Message? {
    guard !faults.isEmpty else { return nil }
    let more = faults.count - Self.mostListed
    return .warning(
      Array(faults.prefix(Self.mostListed)).text
        + (more > 0 ? "\nand \(more) more, listed in the terminal when the editor ends" : ""))
  }

  /// All faults, a line each, if they are more than `message` lists; nil otherwise.
  package var longList: String? {
    guard faults.count > Self.mostListed else { return nil }
    return faults.map { "\($0)\n" }.joined()
  }

  package init(
    configuration: Configuration, theme: Theme = .standard, faults: [SettingsError] = []
  ) {
    self.configuration = configuration
    self.theme = theme
    self.faults = faults.byPlace
  }

  /// Where settings and themes of this user are.
  package static var files: SettingsFiles {
    SettingsFiles(
      configuration: Directories.current().config, executable: Files.executable(),
      names: { Files.names(in: $0) },
      read: { path in Files.contents(path).map { String(decoding: $0, as: UTF8.self) } })
  }

  /// Reads the rules of a language.
  package static func language(_ name: String) -> LanguageReply {
    do {
      return try files.loadLanguage(name).map(LanguageReply.grammar) ?? .missing
    } catch {
      return .failed("\(error)")
    }
  }

  /// `theme`, where given, wins over the configuration's.
  package static func load(theme name: String?) -> Preferences {
    let files = Self.files
    let text = files.configurationText()
    let loaded = text?.configuration() ?? Loaded(Configuration())
    var faults = loaded.warnings
    var theme = Theme.standard
    if let name = name ?? loaded.value.theme {
      do {
        let found = try files.loadTheme(name)
        theme = found.value
        faults += found.warnings
      } catch {
        faults.append(error)
      }
    }
    var preferences = Preferences(
      configuration: loaded.value, theme: theme, faults: faults)
    preferences.text = text
    return preferences
  }
}
