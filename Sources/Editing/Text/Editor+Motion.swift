internal import Documents

// Where the cursor can go. Every motion is a function of the editor to an offset; moving and
// extending the selection share it.

extension Editor {
  /// Puts a cursor at a cluster boundary near `offset`, outside of spans.
  mutating func setCursor(_ offset: Int) {
    moveHead(to: offset, extending: false)
  }

  mutating func moveHead(to offset: Int, extending: Bool, keepingGoal: Bool = false) {
    let forward = offset > selection.head
    let head = document.text.graphemeBoundary(atOrBefore: clamped(offset))
    selection = Selection(anchor: extending ? selection.anchor : head, head: head)
    keepOutOfSpans(forward: forward)
    if !keepingGoal { goalColumn = nil }
    lastEdit = nil
  }

  /// A span is one thing to the cursor: no end of the selection stays inside of it.
  mutating func keepOutOfSpans(forward: Bool) {
    func outside(_ offset: Int) -> Int {
      for passage in passages
      where passage.span.lowerBound < offset && offset < passage.span.upperBound {
        return forward ? passage.span.upperBound : passage.span.lowerBound
      }
      return offset
    }
    selection = Selection(anchor: outside(selection.anchor), head: outside(selection.head))
  }

  // MARK: Along the text

  mutating func moveLeft(extending: Bool) {
    if !extending, !selection.isEmpty { return setCursor(selection.range.lowerBound) }
    moveHead(
      to: document.text.previousGrapheme(before: selection.head), extending: extending)
  }

  mutating func moveRight(extending: Bool) {
    if !extending, !selection.isEmpty { return setCursor(selection.range.upperBound) }
    moveHead(to: document.text.nextGrapheme(after: selection.head), extending: extending)
  }

  mutating func moveByParagraph(down: Bool, extending: Bool) {
    let text = document.text
    var line = text.line(at: selection.head)
    let step = down ? 1 : -1
    while text.hasLine(line), text.isBlank(line: line) { line += step }
    while text.hasLine(line), !text.isBlank(line: line) { line += step }
    let offset = line < 0 ? 0 : text.hasLine(line) ? text.offset(ofLine: line) : text.count
    moveHead(to: offset, extending: extending)
  }

  // MARK: Along the rows

  /// Home: the start of the row; there already, the first character of the line that is no blank,
  /// then its start.
  mutating func moveToLineStart(extending: Bool) {
    let (_, rows, row) = cursorRow()
    let head = selection.head
    let start = document.text.lineStart(at: head)
    let indent = document.text.endOfIndent(from: start)
    let rowStart = max(start, rows[row].range.lowerBound)
    let target =
      rowStart > start && head != rowStart ? rowStart : head == indent ? start : indent
    moveHead(to: target, extending: extending)
  }

  mutating func moveToLineEnd(extending: Bool) {
    let (_, rows, row) = cursorRow()
    let end = document.text.lineEnd(at: selection.head)
    // The end of a row that wraps is the start of the next one: stop before it.
    let rowEnd = rows[row].range.upperBound
    let target =
      rowEnd >= end || selection.head == lastOffset(rows[row])
      ? end : lastOffset(rows[row])
    moveHead(to: target, extending: extending)
  }

  private func lastOffset(_ row: VisualRow) -> Int {
    row.cells.last { $0.role != .lineEnd }?.offset ?? row.range.lowerBound
  }

  /// Up and down by rows, keeping the column where the rows are long enough.
  mutating func moveByRows(_ count: Int, extending: Bool) {
    let (block, rows, row) = cursorRow()
    var layout = layout
    defer { layoutMemo = layout.memo }
    let column = goalColumn ?? Self.find(.offset(selection.head), in: rows)?.column ?? 0
    var place = RowPlace(block: block, row: row).moved(by: count, &layout)
    var target = layout.rows(of: place.block)
    // Rows kept empty below a passage are not places.
    while target[place.row].kind != .text {
      let next = place.moved(by: count < 0 ? -1 : 1, &layout)
      if next.block == place.block, next.row == place.row { break }
      place = next
      target = layout.rows(of: place.block)
    }
    // Up from the first row goes to the very start, down from the last to the very end.
    let isSame = place.block == block && place.row == row
    let offset =
      isSame
      ? (count < 0 ? 0 : document.text.count)
      : Self.offset(at: column, in: target[place.row], wraps: wraps(place.row, target))
    moveHead(to: offset, extending: extending, keepingGoal: true)
    goalColumn = column
  }

  mutating func moveByPage(_ direction: Int, extending: Bool) {
    let rows = max(1, viewport.textRows - 1) * direction
    scroll(by: rows)
    scrollsFreely = false
    moveByRows(rows, extending: extending)
  }

  /// The block of the cursor, its rows, and the row the cursor is in.
  private mutating func cursorRow() -> (block: Layout.Block, rows: [VisualRow], row: Int) {
    var layout = layout
    defer { layoutMemo = layout.memo }
    let block = layout.block(at: selection.head)
    let rows = layout.rows(of: block)
    return (block, rows, Self.find(.offset(selection.head), in: rows)?.row ?? 0)
  }

  func wraps(_ row: Int, _ rows: [VisualRow]) -> Bool {
    row + 1 < rows.count && rows[row + 1].kind == .text
      && rows[row + 1].range.lowerBound == rows[row].range.upperBound
  }

  /// The offset nearest to a column of a row. In a row that wraps, the end is the last cluster's
  /// start: its end is shown on the next row.
  static func offset(at column: Int, in row: VisualRow, wraps: Bool) -> Int {
    let cells = row.cells.filter { $0.role != .lineEnd }
    if let cell = cells.first(where: { column < $0.column + $0.width }) { return cell.offset }
    guard let last = cells.last else { return row.range.lowerBound }
    return wraps ? last.offset : row.range.upperBound
  }

  /// The offset of a line and column, both from 1, clamped to the text.
  func offset(ofLine line: Int, column: Int) -> Int {
    let text = document.text
    let line = line < 1 ? 0 : text.hasLine(line - 1) ? line - 1 : text.lineCount - 1
    let range = text.lineRange(line)
    var offset = range.lowerBound
    var left = column - 1
    while left > 0, offset < range.upperBound {
      offset = text.nextGrapheme(after: offset)
      left -= 1
    }
    return min(offset, range.upperBound)
  }
}
