import Foundation
import Rendering
import Settings
import TestSupport
import Testing

@Suite struct ThemeFileTests {
  private static let folder = SharedFiles.packageRoot + "/Themes"
  private static let shipped =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".toml") }.sorted()

  private static func load(_ name: String) throws -> Loaded<Theme> {
    let path = folder + "/" + name
    return try ThemeFile.parse(String(contentsOfFile: path, encoding: .utf8), file: path)
  }

  /// Light and dark ones, of high contrast and for colour-blind eyes among them.
  @Test func thereIsOneForEveryEye() throws {
    for name in ["", "contrast-", "okabe-ito-"] {
      let (dark, light) = (name + "dark.toml", name + "light.toml")
      #expect(Self.shipped.contains(dark) && Self.shipped.contains(light))
      #expect(try Self.load(dark).value.appearance == .dark)
      #expect(try Self.load(light).value.appearance == .light)
    }
    #expect(Self.shipped.count >= 6)
  }

  @Test func theBuiltInThemeIsTheDarkFile() throws {
    #expect(try Self.load("dark.toml").value == .standard)
  }

  @Test(arguments: shipped)
  func shippedThemesAreWhole(name: String) throws {
    let loaded = try Self.load(name)
    #expect(loaded.warnings == [])
    #expect(loaded.value.name == "palimpsest-" + name.dropLast(5))
    // Also of the roles that a theme may leave out.
    for role in Role.allCases { #expect(loaded.value[role] != .plain, "\(role.rawValue)") }
  }

  @Test func whatIsWrongIsAWarning() throws {
    let text = """
      name = "mine"
      appearance = "sepia"
      shade = 3

      [palette]
      ink = "#123456"
      bad = "mauve"

      [styles]
      text = { foreground = "ink", background = "#12345" }
      fresh = { attributes = ["bold", "blink"] }
      nonsense = { foreground = "red" }
      """
    let loaded = try ThemeFile.parse(text, file: "mine.toml")
    let theme = loaded.value
    #expect(theme.name == "mine" && theme.appearance == .dark)
    #expect(theme[.text] == Style(foreground: Color("#123456")))
    #expect(theme[.fresh] == Style(attributes: .bold))
    #expect(theme[.selection] == Theme.standard[.selection])
    let warnings = loaded.warnings.map(\.description)
    for expected in [
      "mine.toml:2:1: appearance: expected dark or light, found \u{201c}sepia\u{201d}",
      "mine.toml:3:1: shade: expected a known key, found an unknown one",
      "mine.toml:12:1: styles.nonsense: expected a known key, found an unknown one",
    ] {
      #expect(warnings.contains(expected), "\(warnings)")
    }
    #expect(warnings.contains { $0.hasPrefix("mine.toml:7:1: palette.bad: expected a colour") })
    #expect(warnings.contains { $0.hasPrefix("mine.toml:10:30: styles.text.background: ") })
    #expect(warnings.contains { $0.hasPrefix("mine.toml:11:11: styles.fresh.attributes: ") })
  }

  @Test(arguments: ["name = ", "[styles\n", "a = 1\na = 2", "\u{0}", "= ="])
  func brokenFilesSayWhere(text: String) {
    #expect {
      try ThemeFile.parse(text, file: "broken.toml")
    } throws: { error in
      guard let error = error as? SettingsError else { return false }
      return error.file == "broken.toml" && error.line != nil
        && error.description.contains("expected TOML, found")
    }
  }
}
