/// A colour of a theme. `Palette` maps it to the colours of a terminal.
public enum Color: Sendable, Hashable {
  /// The terminal's own foreground or background.
  case terminal
  /// One of the sixteen the user's terminal defines: 0...7, and 8...15 for their bright forms.
  case ansi(UInt8)
  case rgb(red: UInt8, green: UInt8, blue: UInt8)

  static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue",
    "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// `#rrggbb`, `terminal`, or one of the sixteen names (`red`, `bright-red`). Nil for other text.
  public init?(_ text: String) {
    if text == "terminal" {
      self = .terminal
    } else if let index = Self.names.firstIndex(of: text) {
      self = .ansi(UInt8(index))
    } else if text.hasPrefix("#"), text.utf8.count == 7,
      text.utf8.dropFirst().allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(text.dropFirst(), radix: 16)
    {
      self.init(value)
    } else {
      return nil
    }
  }

  /// From `0xRRGGBB`.
  public init(_ value: UInt32) {
    self = .rgb(
      red: UInt8(value >> 16 & 0xff), green: UInt8(value >> 8 & 0xff), blue: UInt8(value & 0xff))
  }

  /// Red, green and blue, the sixteen in xterm's default values. Nil for `.terminal`.
  public var components: (red: Int, green: Int, blue: Int)? {
    switch self {
    case .terminal: nil
    case .ansi(let index): XtermColors.components(Int(index & 15))
    case .rgb(let red, let green, let blue): (Int(red), Int(green), Int(blue))
    }
  }

  /// The colour `part` (0...1) of the way to `other`; if one of them is the terminal's, the nearer
  /// of the two.
  func mixed(with other: Color, part: Double) -> Color {
    guard let a = components, let b = other.components else { return part < 0.5 ? self : other }
    func mix(_ a: Int, _ b: Int) -> UInt8 {
      UInt8(clamping: Int((Double(a) + (Double(b) - Double(a)) * part).rounded()))
    }
    return .rgb(red: mix(a.red, b.red), green: mix(a.green, b.green), blue: mix(a.blue, b.blue))
  }

  /// Relative luminance as WCAG 2 defines it, 0...1. Nil for `.terminal`.
  public var luminance: Double? {
    guard let (red, green, blue) = components else { return nil }
    return 0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
  }

  /// Contrast ratio of two colours as WCAG 2 defines it, 1...21; nil if one is the terminal's.
  public static func contrast(_ one: Color, _ other: Color) -> Double? {
    guard let a = one.luminance, let b = other.luminance else { return nil }
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// sRGB decoding in quarters of a third-degree polynomial: within 0.01 of the exact curve, and no
  /// need of a maths library.
  private static func linear(_ component: Int) -> Double {
    let x = Double(component) / 255
    return x * (x * (x * 0.305306011 + 0.682171111) + 0.012522878)
  }
}

extension Color: CustomStringConvertible {
  /// As `init(_:)` reads it.
  public var description: String {
    switch self {
    case .terminal: "terminal"
    case .ansi(let index): Self.names[Int(index & 15)]
    case .rgb(let red, let green, let blue):
      "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}

/// The 256 colours of xterm: sixteen, a 6×6×6 cube, 24 greys.
enum XtermColors {
  private static let sixteen: [UInt32] = [
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
  ]

  static let cubeLevels = [0, 95, 135, 175, 215, 255]

  static func components(_ index: Int) -> (red: Int, green: Int, blue: Int) {
    if index < 16 {
      let value = Int(sixteen[index])
      return (value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff)
    }
    if index < 232 {
      let cube = index - 16
      return (cubeLevels[cube / 36], cubeLevels[cube / 6 % 6], cubeLevels[cube % 6])
    }
    let grey = 8 + 10 * (index - 232)
    return (grey, grey, grey)
  }

  /// The nearest index of `range` by weighted distance; the eye minds green most, blue least.
  static func nearest(
    to color: (red: Int, green: Int, blue: Int), in range: ClosedRange<Int>
  ) -> Int {
    var best = range.lowerBound
    var least = Int.max
    for index in range {
      let other = components(index)
      let red = color.red - other.red
      let green = color.green - other.green
      let blue = color.blue - other.blue
      let distance = 3 * red * red + 6 * green * green + 2 * blue * blue
      if distance < least {
        least = distance
        best = index
      }
    }
    return best
  }
}
