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

  @Test func thereAreTwoAtLeast() {
    #expect(Self.shipped.contains("dark.toml") && Self.shipped.contains("light.toml"))
  }

  @Test func theBuiltInThemeIsTheDarkFile() throws {
    #expect(try Self.load("dark.toml").value == .standard)
  }

  @Test(arguments: shipped)
  func shippedThemesAreWhole(name: String) throws {
    let loaded = try Self.load(name)
    #expect(loaded.warnings == [])
    #expect(loaded.value.name == "palimpsest-" + name.dropLast(5))
  }

  /// No text on a ground of its own colour, at any depth; in full colour text is readable (WCAG's
  /// ratio for large text) but for what is meant to stand back.
  @Test(arguments: shipped, ColorDepth.allCases)
  func shippedThemesAreReadable(name: String, depth: ColorDepth) throws {
    let theme = try Self.load(name).value.adapted(to: depth)
    let quiet: Set<Role> = [
      .gutter, .wrapMark, .barLeft, .unfocused, .maskLow, .maskMedium, .maskHigh,
    ]
    for role in Role.allCases {
      let style = theme[.text].overlaid(with: theme[role])
      let seen = Palette(depth).resolve(style)
      #expect(
        seen.foreground != seen.background || seen.foreground == -1, "\(name) \(role.rawValue)")
      guard depth == .direct, let foreground = style.foreground, let background = style.background,
        let contrast = Color.contrast(foreground, background)
      else { continue }
      #expect(contrast >= (quiet.contains(role) ? 1.3 : 3), "\(name) \(role.rawValue) \(contrast)")
    }
  }

  @Test(arguments: shipped)
  func rolesOnMarkedGroundsAreReadable(name: String) throws {
    let theme = try Self.load(name).value
    for ground in [Role.selection, .passage, .review, .currentLine] {
      for role in [Role.text, .settled, .fresh, .draftLow, .draftMedium, .draftHigh] {
        var style = theme[.text].overlaid(with: theme[role])
        style.background = theme[ground].background
        let foreground = try #require(style.foreground)
        let background = try #require(style.background)
        let contrast = try #require(Color.contrast(foreground, background))
        #expect(contrast >= 3, "\(name): \(role.rawValue) on \(ground.rawValue) \(contrast)")
      }
    }
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
