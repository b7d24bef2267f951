import Foundation
import Rendering
import Settings
import TestSupport
import Testing

/// Text of the themes in `Themes` is readable at every depth of colour.
///
/// Ratios are those of WCAG 2.2: at least 4.5 for text (1.4.3), 7 in themes of high contrast (1.4.6),
/// 3 for what is no text or stands back on purpose (1.4.11), there 4.5.
@Suite struct ThemeContrastTests {
  private static let folder = SharedFiles.packageRoot + "/Themes"
  static let shipped =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".toml") }.sorted()

  /// Symbols, and text that is out of focus.
  private static let quiet: Set<Role> = [
    .gutter, .wrapMark, .barLeft, .unfocused, .maskLow, .maskMedium, .maskHigh,
  ]
  private static let words: [Role] = [
    .text, .settled, .fresh, .draftLow, .draftMedium, .draftHigh,
  ]
  private static let syntax = Role.allCases.filter { $0.rawValue.hasPrefix("syntax-") }

  private func theme(_ name: String) throws -> Theme {
    let path = Self.folder + "/" + name
    return try ThemeFile.parse(String(contentsOfFile: path, encoding: .utf8), file: path).value
  }

  /// WCAG's contrast ratio by its exact formula.
  private func contrast(_ one: (Int, Int, Int), _ other: (Int, Int, Int)) -> Double {
    func luminance(_ color: (Int, Int, Int)) -> Double {
      func linear(_ component: Int) -> Double {
        let x = Double(component) / 255
        return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
    }
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// What a terminal of 256 colours shows for one of them.
  private func xterm(_ number: Int) -> (Int, Int, Int) {
    if number >= 232 {
      return (8 + 10 * (number - 232), 8 + 10 * (number - 232), 8 + 10 * (number - 232))
    }
    let levels = [0, 95, 135, 175, 215, 255]
    let cube = number - 16
    return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
  }

  private func seen(_ color: Color, at depth: ColorDepth) throws -> (Int, Int, Int) {
    if depth == .indexed {
      let number = Palette(.indexed).resolve(Style(foreground: color)).foreground
      try #require(number >= 16)
      return xterm(number)
    }
    let (red, green, blue) = try #require(color.components)
    return (red, green, blue)
  }

  /// Roles on their own grounds, and on those that are laid below them.
  private func pairs(_ theme: Theme) -> [(what: String, style: Style, isText: Bool)] {
    var pairs: [(String, Style, Bool)] = []
    func add(_ role: Role, on ground: Role? = nil, isText: Bool = true) {
      var style = theme[.text].overlaid(with: theme[role])
      if let ground { style.background = theme[ground].background ?? style.background }
      pairs.append((role.rawValue + (ground.map { " on \($0.rawValue)" } ?? ""), style, isText))
    }
    for role in Role.allCases { add(role, isText: !Self.quiet.contains(role)) }
    for ground in [Role.selection, .review, .bracket, .doubt, .passage, .currentLine] {
      for role in Self.words { add(role, on: ground) }
    }
    for ground in [Role.passage, .currentLine] {
      for role in Self.syntax + [.original, .added, .removed, .misspelt, .control] {
        add(role, on: ground)
      }
    }
    for ground in [Role.selection, .doubt] {
      for role in Self.syntax { add(role, on: ground, isText: false) }
    }
    return pairs
  }

  @Test(arguments: shipped, [ColorDepth.direct, .indexed])
  func textIsReadable(name: String, depth: ColorDepth) throws {
    let isHigh = name.hasPrefix("contrast-")
    for (what, style, isText) in pairs(try theme(name).adapted(to: depth)) {
      let foreground = try seen(#require(style.foreground), at: depth)
      let background = try seen(#require(style.background), at: depth)
      let ratio = contrast(foreground, background)
      let least = isHigh ? (isText ? 7 : 4.5) : (isText ? 4.5 : 3)
      #expect(ratio >= least, "\(name) at \(depth): \(what) \(ratio)")
    }
  }

  /// The sixteen colours are the user's; in those of xterm every text stands out from its ground.
  @Test(arguments: shipped, [ColorDepth.sixteen, .eight])
  func fewColoursAreReadable(name: String, depth: ColorDepth) throws {
    for (what, style, _) in pairs(try theme(name).adapted(to: depth)) {
      let seen = Palette(depth).resolve(style)
      let foreground = try #require(Color.ansi(UInt8(seen.foreground)).components)
      let background = try #require(Color.ansi(UInt8(seen.background)).components)
      let ratio = contrast(
        (foreground.red, foreground.green, foreground.blue),
        (background.red, background.green, background.blue))
      let isBold = seen.attributes.contains(.bold)
      #expect(
        ratio >= Palette.leastContrast || depth == .eight && isBold && ratio > 1,
        "\(name) at \(depth): \(what) \(ratio)")
    }
  }

  /// What must not look like plain text, however few colours there are.
  @Test(arguments: shipped, ColorDepth.allCases)
  func rolesCanBeToldFromText(name: String, depth: ColorDepth) throws {
    let theme = try theme(name).adapted(to: depth)
    let palette = Palette(depth)
    let text = palette.resolve(theme[.text])
    for role in [
      Role.selection, .match, .maskLow, .fresh, .draftLow, .draftMedium, .draftHigh, .pinned,
      .original, .review, .status, .statusState, .hintKey, .failure, .control, .doubt, .doubtStrong,
    ] {
      let style = palette.resolve(theme[.text].overlaid(with: theme[role]))
      #expect(style != text, "\(name) at \(depth): \(role.rawValue)")
      if depth == .mono {
        #expect(style.foreground == -1 && style.background == -1, "\(name): \(role.rawValue)")
      }
    }
  }

  /// The colours of Okabe and Ito that need no change on a dark ground are theirs.
  @Test func thePaletteOfOkabeAndIto() throws {
    let theme = try theme("okabe-ito-dark.toml")
    #expect(theme[.draftHigh].foreground == Color("#56b4e9"))
    #expect(theme[.draftLow].foreground == Color("#e69f00"))
    #expect(theme[.hintKey].foreground == Color("#f0e442"))
  }
}
