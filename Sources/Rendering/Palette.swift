/// The number of colours of a terminal.
public enum ColorDepth: String, Sendable, CaseIterable {
  /// Attributes only: no colours, or `NO_COLOR`.
  case mono
  /// Eight; bright foregrounds by bold.
  case eight
  case sixteen
  case indexed
  /// 24-bit values as colour numbers.
  case direct

  /// From terminfo's `colors`. `noColor`: whether the variable `NO_COLOR` is present and not empty
  /// (no-color.org).
  public init(colors: Int, noColor: Bool = false) {
    self =
      switch colors {
      case _ where noColor: .mono
      case (1 << 24)...: .direct
      case 256...: .indexed
      case 16...: .sixteen
      case 8...: .eight
      default: .mono
      }
  }
}

/// Maps styles to the colour numbers of curses for a terminal. Pure.
public struct Palette: Sendable, Equatable {
  /// A style in a terminal's own terms; -1 is the terminal's default colour.
  public struct Resolved: Sendable, Hashable {
    public var foreground: Int
    public var background: Int
    public var attributes: Style.Attributes

    public init(foreground: Int, background: Int, attributes: Style.Attributes) {
      self.foreground = foreground
      self.background = background
      self.attributes = attributes
    }
  }

  public let depth: ColorDepth

  public init(_ depth: ColorDepth) { self.depth = depth }

  /// Below this ratio a mapped foreground is replaced by black or white. Unmapped colours of the
  /// theme may be fainter, as dim masks are.
  public static let leastContrast = 2.0

  public func resolve(_ style: Style) -> Resolved {
    var attributes = style.attributes
    guard depth != .mono else {
      return Resolved(foreground: -1, background: -1, attributes: attributes)
    }
    var foreground = number(style.foreground ?? .terminal)
    let background = number(style.background ?? .terminal, isBackground: true)
    if depth == .eight || depth == .sixteen, foreground >= 0, background >= 0,
      contrast(foreground, background) < Self.leastContrast
    {
      foreground = contrast(0, background) > contrast(15, background) ? 0 : 15
    }
    if depth == .eight, foreground > 7 {
      foreground -= 8
      attributes.insert(.bold)
      if foreground == background { foreground = background == 7 ? 0 : 7 }
    }
    return Resolved(foreground: foreground, background: background, attributes: attributes)
  }

  /// The colour number; with eight colours a foreground may still be 8...15.
  func number(_ color: Color, isBackground: Bool = false) -> Int {
    guard let components = color.components else { return -1 }
    switch depth {
    case .mono:
      return -1
    case .eight:
      if case .ansi(let index) = color { return Int(isBackground ? index & 7 : index & 15) }
      return XtermColors.nearest(to: components, in: isBackground ? 0...7 : 0...15)
    case .sixteen:
      if case .ansi(let index) = color { return Int(index & 15) }
      return XtermColors.nearest(to: components, in: 0...15)
    case .indexed:
      if case .ansi(let index) = color { return Int(index & 15) }
      // The first sixteen are the user's to redefine; the others are the same everywhere.
      return XtermColors.nearest(to: components, in: 16...255)
    case .direct:
      if case .ansi(let index) = color, index < 8 { return Int(index) }
      // Numbers below 8 mean the ANSI colours in direct-colour terminfo entries.
      return max(8, components.red << 16 | components.green << 8 | components.blue)
    }
  }

  private func contrast(_ one: Int, _ other: Int) -> Double {
    Color.contrast(.ansi(UInt8(one)), .ansi(UInt8(other))) ?? 1
  }
}
