/// Colours and attributes of a cell. A nil colour shows that of the style beneath.
public struct Style: Sendable, Hashable {
  public struct Attributes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let bold = Attributes(rawValue: 1)
    public static let dim = Attributes(rawValue: 2)
    public static let italic = Attributes(rawValue: 4)
    public static let underline = Attributes(rawValue: 8)
    public static let reverse = Attributes(rawValue: 16)

    /// Names as theme files write them, in the order of `rawValue`.
    public static let names: [(name: String, attribute: Attributes)] = [
      ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline),
      ("reverse", .reverse),
    ]
  }

  public var foreground: Color?
  public var background: Color?
  public var attributes: Attributes

  public init(
    foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  public static let plain = Style()

  /// `upper` laid over this style: its colours if it has any, the attributes of both.
  public func overlaid(with upper: Style) -> Style {
    var style = self
    style.overlay(upper)
    return style
  }

  /// A style `part` (0...1) of the way to `other`: colours between the two, and once it has left,
  /// the attributes of both.
  func faded(towards other: Style, by part: Double) -> Style {
    guard part > 0 else { return self }
    var style = self
    if let from = foreground, let to = other.foreground {
      style.foreground = from.mixed(with: to, part: part)
    }
    if let from = background, let to = other.background {
      style.background = from.mixed(with: to, part: part)
    }
    style.attributes.formUnion(other.attributes)
    return style
  }

  /// Lays `upper` over this style in place.
  mutating func overlay(_ upper: Style) {
    if let color = upper.foreground { foreground = color }
    if let color = upper.background { background = color }
    attributes.formUnion(upper.attributes)
  }
}

extension Style: CustomStringConvertible {
  /// `#ffffff on #000000 bold`, parts that are not set left out.
  public var description: String {
    var parts: [String] = []
    if let foreground { parts.append("\(foreground)") }
    if let background { parts.append("on \(background)") }
    parts += Attributes.names.filter { attributes.contains($0.attribute) }.map(\.name)
    return parts.joined(separator: " ")
  }
}
