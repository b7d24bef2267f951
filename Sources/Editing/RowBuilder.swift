/// Puts cells into rows, wrapping at words.
///
/// A row holds `limit` columns; one blank more may hang over its end, so that a word that just
/// fits is not torn from the blank behind it. Rows break behind blanks, on both sides of wide
/// characters and between masks; a word longer than a row is broken anywhere.
struct RowBuilder {
  let limit: Int
  let tabWidth: Int
  private(set) var rows: [VisualRow] = []
  private var row: VisualRow
  private var column = 0
  /// Cells of the present row that may stay when the rest goes to the next one.
  private var breakIndex = 0
  private var line: Int
  /// Where the present row ends in the document.
  private var rowEnd: Int

  init(limit: Int, tabWidth: Int, line: Int, start: Int, isContinuation: Bool) {
    self.limit = max(1, limit)
    self.tabWidth = max(1, tabWidth)
    self.line = line
    row = VisualRow(line: line, isContinuation: isContinuation, range: start..<start)
    rowEnd = start
    row.cells.reserveCapacity(self.limit + 2)
  }

  /// Adds a character of the document that stands for itself: nearly all cells come this way.
  mutating func add(text: String, width: Int, offset: Int, length: Int, isBlank: Bool) {
    if width == 2 { breakIndex = row.cells.count }
    while column + width > (isBlank ? limit + 1 : limit), !row.cells.isEmpty { wrap() }
    row.cells.append(
      VisualCell(text: text, width: width, column: column, offset: offset, end: offset + length))
    column += width
    if offset + length > rowEnd { rowEnd = offset + length }
    if isBlank || width == 2 { breakIndex = row.cells.count }
  }

  mutating func add(_ cell: VisualCell, breaksAround: Bool = false) {
    var cell = cell
    let isTab = cell.role == .tab
    let isBlank = isTab || cell.text == " "
    if isTab { cell.width = tabStop() }
    let room = isBlank ? limit + 1 : limit
    if breaksAround || cell.width == 2 { breakIndex = row.cells.count }
    while column + cell.width > room, !row.cells.isEmpty {
      wrap()
      if isTab { cell.width = tabStop() }
    }
    if isTab { cell.text = String(repeating: " ", count: cell.width) }
    append(cell)
    if isBlank || breaksAround || cell.width == 2 { breakIndex = row.cells.count }
  }

  /// Ends the present row; `next` is where the next one begins. Lines of a draft are not lines of
  /// the document.
  mutating func newline(next: Int, isDocumentLine: Bool) {
    if isDocumentLine { line += 1 }
    close()
    start(VisualRow(line: line, isContinuation: !isDocumentLine, range: next..<next))
  }

  /// Counts bytes that are not drawn to the present row.
  mutating func extend(to offset: Int, lines: Int = 0) {
    line += lines
    rowEnd = max(rowEnd, offset)
  }

  mutating func finish() -> [VisualRow] {
    close()
    return rows
  }

  private mutating func close() {
    row.range = row.range.lowerBound..<max(row.range.lowerBound, rowEnd)
    rows.append(row)
  }

  private func tabStop() -> Int {
    max(1, min(tabWidth - column % tabWidth, limit + 1 - column))
  }

  private mutating func append(_ cell: VisualCell) {
    row.cells.append(cell)
    row.cells[row.cells.count - 1].column = column
    column += cell.width
    rowEnd = max(rowEnd, cell.end)
    if cell.role == .pinned { row.hasPinned = true }
  }

  /// Ends the present row at the last place to break, or here where there is none.
  private mutating func wrap() {
    let kept = breakIndex > 0 ? breakIndex : row.cells.count
    let moved = Array(row.cells[kept...])
    let end = moved.first?.offset ?? rowEnd
    row.cells.removeSubrange(kept...)
    rowEnd = end
    if row.hasPinned { row.hasPinned = row.cells.contains { $0.role == .pinned } }
    close()
    start(VisualRow(line: line, isContinuation: true, range: end..<end))
    for cell in moved { append(cell) }
  }

  private mutating func start(_ next: VisualRow) {
    row = next
    row.cells.reserveCapacity(limit + 2)
    rowEnd = next.range.upperBound
    column = 0
    breakIndex = 0
  }
}
