internal import CNcurses
internal import Editing
public import Rendering

extension Terminal {
  /// Draws `frame`. Rows equal to those of the last frame are not touched; of the others curses
  /// sends the differences. If frame and screen differ in size, their common part is drawn.
  public func draw(_ frame: Frame) {
    if frame == last { return }
    if pairs.isFull {
      pairs.reset()
      looks = [:]
      forgetScreen()
    }
    let known = last.flatMap {
      $0.columns == frame.columns && $0.rows == frame.rows ? $0 : nil
    }
    if known == nil { unsafe werase(window) }
    for row in 0..<min(rows, frame.rows) where known?.row(row) != frame.row(row) {
      write(frame.row(row), over: known?.row(row), at: row)
    }
    place(frame.cursor, isShown: last.map { $0.cursor != nil })
    unsafe wnoutrefresh(window)
    doupdate()
    last = frame
  }

  /// Writes the cells that differ from those on the screen; nil if that is not known.
  private func write(_ cells: ArraySlice<Cell>, over old: ArraySlice<Cell>?, at row: Int) {
    var look = Look(attributes: 0, pair: 0)
    var style: Style?
    let end = min(columns, cells.count)
    var next = 0
    while next < end {
      let column = next
      next += 1
      let cell = cells[cells.startIndex + column]
      guard cell.width > 0, column + cell.width <= columns else { continue }
      if let scalar = cell.onlyScalar {
        if let old, old[old.startIndex + column] == cell { continue }
        if style != cell.style {
          style = cell.style
          look = self.look(of: cell.style)
        }
        if Self.columns(of: scalar.value) == cell.width {
          // Most of a new screen is blank.
          if cell.width == 1 {
            while next < end, cells[cells.startIndex + next] == cell { next += 1 }
          }
          unsafe cn_put_run(
            window, Int32(row), Int32(column), Int32(scalar.value), Int32(next - column),
            look.attributes, look.pair)
          continue
        }
      }
      style = cell.style
      look = self.look(of: cell.style)
      let pieces = Pieces(cell, width: Self.columns(of:), capacity: Int(cn_cell_capacity()))
      for piece in pieces.list {
        unsafe cn_put(
          window, Int32(row), Int32(column + piece.column), piece.scalars, look.attributes,
          look.pair)
      }
    }
    // Terminals disagree on how far such clusters move the cursor: send the row whole, so that an
    // error does not run along it.
    if cells.contains(where: Self.isDisputed) { unsafe wredrawln(window, Int32(row), 1) }
  }

  /// Whether a cell is a part of a cluster that takes several: half of a flag, a sign that stands
  /// beside its letter, a consonant that joins the next one.
  private static func isDisputed(_ cell: Cell) -> Bool {
    guard let first = cell.onlyScalar ?? cell.scalars.first, first.value >= 0x900 else {
      return false
    }
    if (0x1F1E6...0x1F1FF).contains(first.value) { return true }
    guard
      first.value < 0x2000 || first.value >= 0xA800 && first.value < 0xAC00
        || first.value >= 0x11000 && first.value < 0x12000
    else { return false }
    return first.properties.generalCategory == .spacingMark
      || cell.scalars.contains { $0.properties.canonicalCombiningClass == .virama }
  }

  /// Columns the C library gives a scalar, below 0 for controls. ASCII is most of every screen.
  private static func columns(of scalar: UInt32) -> Int {
    (0x20..<0x7f).contains(scalar) ? 1 : Int(cn_width(scalar))
  }

  private func look(of style: Style) -> Look {
    if let known = looks[style] { return known }
    let resolved = palette.resolve(style)
    let (pair, isNew) = pairs.number(
      foreground: resolved.foreground, background: resolved.background)
    if isNew {
      init_extended_pair(Int32(pair), Int32(resolved.foreground), Int32(resolved.background))
    }
    let look = Look(attributes: Self.attributes(resolved.attributes), pair: Int32(pair))
    if !pairs.isFull { looks[style] = look }
    return look
  }

  private static func attributes(_ attributes: Style.Attributes) -> attr_t {
    var result: attr_t = 0
    if attributes.contains(.bold) { result |= cn_bold() }
    if attributes.contains(.dim) { result |= cn_dim() }
    if attributes.contains(.italic) { result |= cn_italic() }
    if attributes.contains(.underline) { result |= cn_underline() }
    if attributes.contains(.reverse) { result |= cn_reverse() }
    return result
  }

  /// The cursor is parked, not hidden, while frames change: `isShown` is whether it was.
  private func place(_ cursor: ScreenPosition?, isShown: Bool?) {
    guard let cursor, cursor.row < rows, cursor.column < columns, cursor.row >= 0,
      cursor.column >= 0
    else {
      if isShown != false { curs_set(0) }
      return
    }
    unsafe wmove(window, Int32(cursor.row), Int32(cursor.column))
    if isShown != true { curs_set(1) }
  }
}

/// A cell in portions that curses takes: each a scalar that has columns with the marks upon it.
/// Nothing that curses or the C library gives another width than the frame does gets through.
struct Pieces {
  struct Piece: Equatable {
    /// Columns right of the cell's first.
    var column: Int
    /// Ends with 0.
    var scalars: [Int32]
  }

  private(set) var list: [Piece] = []

  /// `width`: the C library's columns of a scalar, below 0 for controls. `capacity`: most scalars
  /// of a piece.
  init(_ cell: Cell, width: (UInt32) -> Int, capacity: Int) {
    var column = 0
    for scalar in cell.scalars {
      let columns = width(scalar.value)
      if columns > 0 {
        list.append(Piece(column: column, scalars: [Int32(scalar.value), 0]))
        column += columns
      } else if columns == 0, let last = list.last, last.scalars.count <= capacity {
        list[list.count - 1].scalars.insert(Int32(scalar.value), at: last.scalars.count - 1)
      } else if columns < 0 {
        column = -1
        break
      }
    }
    guard column != cell.width else { return }
    list = (0..<cell.width).map {
      Piece(column: $0, scalars: [$0 == 0 ? 0xFFFD : 0x20, 0])
    }
  }
}
