import Testing

@testable import Rendering

@Suite struct ThemeTests {
  /// What must not look like plain text, however few colours there are.
  private static let marked: [Role] = [
    .selection, .match, .maskLow, .fresh, .draftLow, .draftMedium, .draftHigh, .pinned, .original,
    .review, .status, .statusState, .hintKey, .failure, .control,
  ]

  @Test(arguments: ColorDepth.allCases)
  func rolesCanBeToldFromText(depth: ColorDepth) {
    let theme = Theme.standard.adapted(to: depth)
    let palette = Palette(depth)
    let text = palette.resolve(theme[.text])
    for role in Self.marked {
      #expect(
        palette.resolve(theme[.text].overlaid(with: theme[role])) != text, "\(role.rawValue)")
    }
  }

  @Test(arguments: ColorDepth.allCases)
  func everyRoleIsReadable(depth: ColorDepth) {
    let theme = Theme.standard.adapted(to: depth)
    for role in Role.allCases {
      let seen = Palette(depth).resolve(theme[.text].overlaid(with: theme[role]))
      #expect(seen.foreground != seen.background || seen.foreground == -1, "\(role.rawValue)")
    }
  }

  @Test func monochromeHasNoColours() {
    let theme = Theme.standard.adapted(to: .mono)
    for role in Role.allCases {
      #expect(theme[role].foreground == nil && theme[role].background == nil, "\(role.rawValue)")
    }
    #expect(theme[.selection].attributes.contains(.reverse))
  }

  @Test func deepTerminalsGetTheThemeItself() {
    #expect(Theme.standard.adapted(to: .direct) == .standard)
    #expect(Theme.standard.adapted(to: .indexed) == .standard)
  }

  @Test func overlays() {
    let lower = Style(foreground: .ansi(1), background: .ansi(2), attributes: .bold)
    let upper = Style(background: .ansi(3), attributes: .underline)
    #expect(
      lower.overlaid(with: upper)
        == Style(foreground: .ansi(1), background: .ansi(3), attributes: [.bold, .underline]))
    #expect(upper.description == "on yellow underline")
  }
}
