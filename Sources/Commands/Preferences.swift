package import Editing
internal import Platform
package import Rendering
package import Settings

/// The user's settings and theme. Faults in their files never keep the editor from starting.
package struct Preferences {
  package var configuration: Configuration
  package var theme: Theme
  /// The first thing that is wrong in them.
  package var message: Message?

  /// `theme`, where given, wins over the configuration's.
  package static func load(theme name: String?) -> Preferences {
    let files = SettingsFiles(
      configuration: Directories.current().config, executable: Files.executable()
    ) { path in
      Files.contents(path).map { String(decoding: $0, as: UTF8.self) }
    }
    let loaded = files.loadConfiguration()
    var warnings = loaded.warnings.map(\.description)
    var theme = Theme.standard
    if let name = name ?? loaded.value.theme {
      do {
        let found = try files.loadTheme(name)
        theme = found.value
        warnings += found.warnings.map(\.description)
      } catch {
        warnings.append("\(error)")
      }
    }
    return Preferences(
      configuration: loaded.value, theme: theme,
      message: warnings.first.map { Message(.warning, $0) })
  }
}
