/// One place of the screen.
public struct Cell: Sendable, Hashable {
  /// A grapheme cluster without control characters; empty in the columns a wide cluster covers
  /// beyond its first.
  public var text: String
  public var style: Style
  /// Columns the cluster takes; 0 for the columns it covers beyond its first.
  public var width: Int

  public init(_ text: String, style: Style = .plain, width: Int = 1) {
    self.text = text
    self.style = style
    self.width = width
  }

  public static func blank(_ style: Style) -> Cell { Cell(" ", style: style) }

  static func continuation(_ style: Style) -> Cell { Cell("", style: style, width: 0) }
}
