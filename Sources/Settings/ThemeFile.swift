public import Rendering

/// Themes as TOML files; `Themes/dark.toml` shows the format.
public enum ThemeFile {
  /// Reads a theme. A role that is missing has the style of the built-in theme, with a warning.
  /// Throws if the text is not TOML.
  public static func parse(
    _ text: String, file: String
  ) throws(SettingsError) -> Loaded<Theme> {
    var reader = try SettingsReader(text, file: file)
    let name = reader.string("name")
    if name == nil { reader.warn(["name"], expected: "a name", found: "none") }
    var appearance = Theme.Appearance.dark
    if let text = reader.string("appearance") {
      if let known = Theme.Appearance(rawValue: text) {
        appearance = known
      } else {
        reader.warn(["appearance"], expected: "dark or light", found: "\u{201c}\(text)\u{201d}")
      }
    }
    let palette = palette(&reader)
    var styles: [Role: Style] = [:]
    for role in Role.allCases {
      if role.isOptional, !reader.has("styles", role.rawValue) {
        styles[role] = .plain
      } else if reader.keys("styles", role.rawValue).isEmpty {
        reader.warn(
          ["styles", role.rawValue], expected: "a style", found: "none; the built-in one is used")
        styles[role] = Theme.standard[role]
      } else {
        styles[role] = style(role, palette, &reader)
      }
    }
    reader.finish()
    let theme = Theme(name: name ?? file, appearance: appearance, styles: styles)
    return Loaded(theme, warnings: reader.warnings)
  }

  private static func palette(_ reader: inout SettingsReader) -> [String: Color] {
    var palette: [String: Color] = [:]
    for key in reader.keys("palette") {
      guard let text = reader.string("palette", key) else { continue }
      if let color = Color(text) {
        palette[key] = color
      } else {
        reader.warn(["palette", key], expected: expectedColor, found: "\u{201c}\(text)\u{201d}")
      }
    }
    return palette
  }

  private static let expectedColor = "a colour such as \"#1e2030\", \"bright-red\" or \"terminal\""

  private static func style(
    _ role: Role, _ palette: [String: Color], _ reader: inout SettingsReader
  ) -> Style {
    var style = Style()
    for (key, place) in [("foreground", \Style.foreground), ("background", \Style.background)] {
      guard let text = reader.string("styles", role.rawValue, key) else { continue }
      style[keyPath: place] = palette[text] ?? Color(text)
      if style[keyPath: place] == nil {
        reader.warn(
          ["styles", role.rawValue, key], expected: expectedColor + ", or a name of [palette]",
          found: "\u{201c}\(text)\u{201d}")
      }
    }
    for name in reader.strings("styles", role.rawValue, "attributes") ?? [] {
      if let known = Style.Attributes.names.first(where: { $0.name == name }) {
        style.attributes.insert(known.attribute)
      } else {
        reader.warn(
          ["styles", role.rawValue, "attributes"],
          expected: Style.Attributes.names.map(\.name).joined(separator: ", "),
          found: "\u{201c}\(name)\u{201d}")
      }
    }
    return style
  }
}
