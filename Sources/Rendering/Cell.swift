public import Documents

/// One place of the screen.
public struct Cell: Sendable, Hashable {
  /// A grapheme cluster without control characters; empty in the columns a wide cluster covers
  /// beyond its first.
  public var glyph: Glyph
  public var style: Style
  private var storedWidth: UInt8

  /// Columns the cluster takes; 0 for the columns it covers beyond its first.
  public var width: Int { Int(storedWidth) }

  public var text: String { glyph.text }

  public var scalars: [Unicode.Scalar] { glyph.scalars }

  /// Nil for several or none.
  public var onlyScalar: Unicode.Scalar? {
    glyph.scalar(1) == nil ? glyph.scalar(0) : nil
  }

  public init(_ glyph: Glyph, style: Style = .plain, width: Int = 1) {
    self.glyph = glyph
    self.style = style
    storedWidth = UInt8(clamping: width)
  }

  public init(_ text: String, style: Style = .plain, width: Int = 1) {
    self.init(Glyph(text), style: style, width: width)
  }

  public static func blank(_ style: Style) -> Cell { Cell(.blank, style: style) }

  static func continuation(_ style: Style) -> Cell { Cell(Glyph(""), style: style, width: 0) }
}
