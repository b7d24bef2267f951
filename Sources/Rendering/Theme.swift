/// A style for every role. Values; files are read by `Settings`.
public struct Theme: Sendable, Equatable {
  public enum Appearance: String, Sendable, CaseIterable { case dark, light }

  public let name: String
  public let appearance: Appearance
  private let styles: [Role: Style]

  /// Traps unless `styles` has every role.
  public init(name: String, appearance: Appearance, styles: [Role: Style]) {
    for role in Role.allCases {
      precondition(styles[role] != nil, "theme \(name) lacks \(role.rawValue)")
    }
    self.name = name
    self.appearance = appearance
    self.styles = styles
  }

  public subscript(role: Role) -> Style { styles[role] ?? .plain }

  /// The theme adapted to a terminal of this depth: attributes in place of colours without colours,
  /// and reversed roles where few colours would hide a background. Deeper terminals get the theme
  /// unchanged.
  public func adapted(to depth: ColorDepth) -> Theme {
    switch depth {
    case .direct, .indexed: return self
    case .mono:
      let styles = Dictionary(
        uniqueKeysWithValues: Role.allCases.map { ($0, Style(attributes: $0.monochrome)) })
      return Theme(name: name, appearance: appearance, styles: styles)
    case .eight, .sixteen:
      let palette = Palette(depth)
      let ground = self[.text]
      let groundNumber = palette.resolve(ground).background
      let styles = self.styles.map { role, style -> (Role, Style) in
        let seen = palette.resolve(ground.overlaid(with: style))
        guard role.monochrome.contains(.reverse), seen.background == groundNumber,
          !seen.attributes.contains(.reverse)
        else { return (role, style) }
        return (role, style.overlaid(with: Style(attributes: .reverse)))
      }
      return Theme(
        name: name, appearance: appearance, styles: Dictionary(uniqueKeysWithValues: styles))
    }
  }
}
