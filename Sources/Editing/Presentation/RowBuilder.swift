internal import Documents

/// Puts cells into rows, wrapping at words.
///
/// A row holds `limit` columns; one blank more may hang over its end, so that a word that just
/// fits is not torn from the blank after it. Rows break after blanks, on both sides of wide
/// characters and between masks; a word longer than a row is broken anywhere.
struct RowBuilder {
  let limit: Int
  let tabWidth: Int
  private(set) var rows: [VisualRow] = []
  /// The present row, and its cells, which it gets when it ends.
  private var row: VisualRow
  private var cells: [VisualCell] = []
  private var column = 0
  /// Cells of the present row that may stay when the rest goes to the next one.
  private var breakIndex = 0
  private var line: Int
  /// Where the present row ends in the document.
  private var rowEnd: Int
  private var hasPinned = false

  init(limit: Int, tabWidth: Int, line: Int, start: Int, isContinuation: Bool) {
    self.limit = max(1, limit)
    self.tabWidth = max(1, tabWidth)
    self.line = line
    row = VisualRow(
      line: line, beginning: isContinuation ? .wrapped : .line, range: start..<start)
    rowEnd = start
    cells.reserveCapacity(self.limit + 2)
  }

  /// Adds a cluster of the document as it is: nearly all cells come this way.
  mutating func add(_ cluster: Cluster) {
    if cluster.display.rest != nil {
      let cell = VisualCell(
        cluster.display, offset: cluster.range.lowerBound, end: cluster.range.upperBound)
      return add(cell, rest: cluster.display.rest)
    }
    let width = cluster.display.width
    let isBlank = cluster.display.glyph.isBlank
    if width == 2 { breakIndex = cells.count }
    while column + width > (isBlank ? limit + 1 : limit), !cells.isEmpty { wrap() }
    cells.append(
      VisualCell(
        cluster.display, column: column, offset: cluster.range.lowerBound,
        end: cluster.range.upperBound))
    column += width
    rowEnd = max(rowEnd, cluster.range.upperBound)
    if isBlank || width == 2 { breakIndex = cells.count }
  }

  /// `rest`: glyphs of the same cluster that follow; the width of the cell is that of all.
  mutating func add(
    _ cell: VisualCell, rest: [DisplayForm.Part]? = nil, breaksAround: Bool = false
  ) {
    var cell = cell
    var isTab = false
    if case .tab = cell.role { isTab = true }
    if isTab {
      cell.glyph = .blank
      cell.width = tabStop()
    }
    let isBlank = cell.glyph.isBlank
    let room = isBlank ? limit + 1 : limit
    if breaksAround || cell.width == 2 { breakIndex = cells.count }
    while column + cell.width > room, !cells.isEmpty {
      wrap()
      if isTab { cell.width = tabStop() }
    }
    cell.column = column
    column += cell.width
    let width = cell.width
    if let rest { cell.width = width - rest.reduce(0) { $0 + $1.width } }
    cells.append(cell)
    for part in rest ?? [] {
      cell.column += cell.width
      cell.glyph = part.glyph
      cell.width = part.width
      cells.append(cell)
    }
    rowEnd = max(rowEnd, cell.end)
    if case .pinned = cell.role { hasPinned = true }
    if isBlank || breaksAround || width == 2 { breakIndex = cells.count }
  }

  /// Adds a cluster of a draft at `offset`, where the document has no bytes for it.
  mutating func add(
    _ cluster: Cluster, _ role: VisualCell.Role, at offset: Int, passage: Passage.ID?,
    slot: Int? = nil,
    isUnderReview: Bool = false, breaksAround: Bool = false
  ) {
    guard cluster.kind != .newline else { return newline(next: offset, isDocumentLine: false) }
    add(
      VisualCell(
        cluster.display, offset: offset, end: offset, role: cluster.kind == .tab ? .tab : role,
        passage: passage, slot: slot, isUnderReview: isUnderReview),
      rest: cluster.display.rest, breaksAround: breaksAround)
  }

  /// Ends the present row; `next` is where the next one begins. Lines of a draft are not lines of
  /// the document.
  mutating func newline(next: Int, isDocumentLine: Bool) {
    if isDocumentLine { line += 1 }
    end(keeping: cells.count)
    start(
      VisualRow(line: line, beginning: isDocumentLine ? .line : .draftLine, range: next..<next))
  }

  /// Counts bytes that are not drawn to the present row.
  mutating func extend(to offset: Int, lines: Int = 0) {
    line += lines
    rowEnd = max(rowEnd, offset)
  }

  mutating func finish() -> [VisualRow] {
    end(keeping: cells.count)
    return rows
  }

  private func tabStop() -> Int {
    max(1, min(tabWidth - column % tabWidth, limit + 1 - column))
  }

  /// Ends the present row at the last place to break, or here if there is none.
  private mutating func wrap() {
    let kept = breakIndex > 0 ? breakIndex : cells.count
    if kept < cells.count { rowEnd = cells[kept].offset }
    let end = rowEnd
    self.end(keeping: kept)
    start(VisualRow(line: line, beginning: .wrapped, range: end..<end))
    for index in cells.indices {
      cells[index].column = column
      column += cells[index].width
      rowEnd = max(rowEnd, cells[index].end)
    }
  }

  /// Gives the present row its first cells; the others stay for the next one.
  private mutating func end(keeping kept: Int) {
    row.cells = Array(cells[..<kept])
    row.range = row.range.lowerBound..<max(row.range.lowerBound, rowEnd)
    row.hasPinned = hasPinned && row.cells.contains { $0.role == .pinned }
    rows.append(row)
    cells.removeFirst(kept)
  }

  private mutating func start(_ next: VisualRow) {
    row = next
    rowEnd = next.range.upperBound
    column = 0
    breakIndex = 0
  }
}
