public import Documents
public import Editing

/// The contents of a screen: a grid of cells and a cursor. A value, so that equal frames need no
/// drawing and tests read them as text.
///
/// A wide cluster is always complete inside its row: its first cell has the text, the other cells
/// it covers have width 0. Overwriting a part of it blanks the rest.
public struct Frame: Sendable, Equatable {
  public let columns: Int
  public let rows: Int
  /// Row by row, `columns * rows` of them.
  public private(set) var cells: [Cell]
  /// Nil hides it.
  public var cursor: ScreenPosition?

  /// A blank screen. Sizes below 1 are taken as 1.
  public init(columns: Int, rows: Int, style: Style = .plain) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    cells = Array(repeating: .blank(style), count: self.columns * self.rows)
  }

  /// Traps outside the screen.
  public subscript(column: Int, row: Int) -> Cell {
    precondition(
      column >= 0 && column < columns && row >= 0 && row < rows,
      "cell \(column),\(row) of \(columns)x\(rows)")
    return cells[row * columns + column]
  }

  /// Cells of one row. Traps outside the screen.
  public func row(_ row: Int) -> ArraySlice<Cell> {
    cells[row * columns..<(row + 1) * columns]
  }

  /// Puts one cluster, its style laid over that of the cell. Does nothing outside the screen; a
  /// cluster that does not fit before `end` (default: the last column) becomes blanks, and so does
  /// a wide blank.
  public mutating func put(
    _ glyph: Glyph, width: Int, column: Int, row: Int, style: Style, end: Int? = nil
  ) {
    let end = min(end ?? columns, columns)
    guard row >= 0, row < rows, column >= 0, column < end, width > 0 else { return }
    let base = row * columns
    // Narrow over narrow is nearly all of every screen.
    if width == 1, cells[base + column].width == 1 {
      cells[base + column].glyph = glyph
      cells[base + column].style.overlay(style)
      return
    }
    let fits = column + width <= end
    for covered in column..<min(column + width, end) {
      release(covered, row)
      let merged = cells[base + covered].style.overlaid(with: style)
      cells[base + covered] =
        if !fits || glyph.isBlank { .blank(merged) } else if covered == column {
          Cell(glyph, style: merged, width: width)
        } else { .continuation(merged) }
    }
  }

  /// Replaces narrow clusters by this one if possible, in their styles; returns whether it did.
  @inline(__always)
  mutating func replace(_ glyph: Glyph, width: Int, column: Int, row: Int) -> Bool {
    guard row >= 0, row < rows, column >= 0, width == 1 || width == 2, column + width <= columns
    else { return false }
    let index = row * columns + column
    guard cells[index].width == 1, cells[index + width - 1].width == 1 else { return false }
    if width == 2 { cells[index + 1] = .continuation(cells[index + 1].style) }
    cells[index] = Cell(glyph, style: cells[index].style, width: width)
    return true
  }

  /// Puts another frame, whose cursor does not count, into this one from a column on. Traps unless it
  /// fits.
  mutating func copy(_ other: Frame, column: Int) {
    precondition(column >= 0 && column + other.columns <= columns && other.rows <= rows)
    for row in 0..<other.rows {
      let start = row * columns + column
      cells.replaceSubrange(start..<start + other.columns, with: other.row(row))
    }
  }

  /// Lays a style over cells that keep their text. Parts outside the screen are left out.
  mutating func paint(_ style: Style, columns range: Range<Int>, row: Int) {
    guard row >= 0, row < rows else { return }
    for column in range.clamped(to: 0..<columns) {
      cells[row * columns + column].style.overlay(style)
    }
  }

  /// Blanks a part of a row.
  mutating func clear(_ range: Range<Int>, row: Int, style: Style) {
    guard row >= 0, row < rows else { return }
    for column in range.clamped(to: 0..<columns) {
      release(column, row)
      cells[row * columns + column] = .blank(style)
    }
  }

  /// Blanks the rest of a wide cluster before `column` of it is overwritten.
  private mutating func release(_ column: Int, _ row: Int) {
    let base = row * columns
    guard cells[base + column].width != 1 else { return }
    var first = column
    while first > 0, cells[base + first].width == 0 { first -= 1 }
    let last = min(columns, first + max(1, cells[base + first].width))
    for covered in first..<last {
      cells[base + covered] = .blank(cells[base + covered].style)
    }
  }
}
