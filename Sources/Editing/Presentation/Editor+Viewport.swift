internal import Documents

// What is on the screen and where: rows, the cursor, scrolling.

extension Editor {
  /// Columns left of the text: line numbers with a blank on either side, or two for marks alone.
  /// 0 on a screen too narrow for it.
  public var gutterWidth: Int {
    guard viewport.columns >= 20 else { return 0 }
    guard settings.showsLineNumbers else { return 2 }
    return max(3, String(document.text.expectedLineCount).count + 2)
  }

  /// Columns of the text area.
  public var textColumns: Int { max(2, viewport.columns - gutterWidth) }

  /// Columns that rows are wrapped at: one more than their text has, for the mark.
  var wrappedColumns: Int {
    settings.wrapColumn > 0 ? min(textColumns, settings.wrapColumn + 1) : textColumns
  }

  /// The present layout. What it lays out is laid out once if its memo is put back.
  var layout: Layout {
    Layout(
      text: document.text, passages: passages, focus: focus,
      substitutions: replaceDialog?.preview.substitutions ?? [],
      inputs: LayoutMemo.Inputs(
        revision: document.revision, columns: wrappedColumns, tabWidth: tabWidth,
        preview: replaceDialog?.preview.number ?? 0),
      memo: layoutMemo)
  }

  /// The rows of the text area, top to bottom, exactly `viewport.textRows` of them.
  /// O(screen), and the pieces of lines at its edges; every event has laid them out.
  public func rows() -> [VisualRow] {
    var layout = layout
    return rows(&layout)
  }

  /// The same in the middle of an event, whose end does not lay them out again.
  mutating func visibleRows() -> [VisualRow] {
    var layout = layout
    defer { layoutMemo = layout.memo }
    return rows(&layout)
  }

  func rows(_ layout: inout Layout) -> [VisualRow] {
    let wanted = viewport.textRows
    var rows: [VisualRow] = []
    var skip = viewport.skippedRows
    for (block, laidOut) in layout.blocks(in: viewport) {
      var laidOut = laidOut
      mark(selectionIn: &laidOut, of: block)
      rows.append(contentsOf: laidOut.dropFirst(skip))
      skip = 0
    }
    rows.removeLast(max(0, rows.count - wanted))
    while rows.count < wanted { rows.append(VisualRow(kind: .beyondEnd)) }
    mark(matchesIn: &rows)
    mark(doubtsIn: &rows)
    return rows
  }

  /// Marks the cells of the selection, with a blank for each selected line end.
  private func mark(selectionIn rows: inout [VisualRow], of block: Layout.Block) {
    for range in (cursors + [selection]).map(\.range) { mark(range, in: &rows, of: block) }
  }

  private func mark(_ range: Range<Int>, in rows: inout [VisualRow], of block: Layout.Block) {
    guard !range.isEmpty, range.lowerBound <= (block.next ?? block.range.upperBound),
      range.upperBound > block.range.lowerBound
    else { return }
    for index in rows.indices where rows[index].kind == .text {
      for cell in rows[index].cells.indices {
        if range.contains(rows[index].cells[cell].offset) {
          rows[index].cells[cell].isSelected = true
        }
      }
      let end = rows[index].range.upperBound
      let next = index + 1 < rows.count && rows[index + 1].kind == .text ? rows[index + 1] : nil
      let endsLine =
        next.map { $0.line != rows[index].line && !$0.isContinuation } ?? (block.next != end)
      guard endsLine, end < document.text.count, range.contains(end) else { continue }
      let column = rows[index].cells.last.map { $0.column + $0.width } ?? 0
      rows[index].cells.append(
        VisualCell(
          DisplayForm(glyph: .blank, width: 1), column: column, offset: end, end: end + 1,
          role: .lineEnd, isSelected: true))
    }
  }

  // MARK: The cursor

  /// Where the cursor is on the screen: in the text, at the review cursor while a passage has the
  /// keys, or nil when scrolled out of view, while help is shown and while a prompt has the keys.
  public var screenCursor: ScreenPosition? { screenCursor(in: rows()) }

  /// The same for rows at hand, which must be those of `rows()`.
  public func screenCursor(in rows: [VisualRow]) -> ScreenPosition? {
    guard mode == .text || mode == .review || isListAtCursor else { return nil }
    guard let (row, column) = Self.find(cursorTarget, in: rows) else { return nil }
    return ScreenPosition(
      column: gutterWidth + min(column, textColumns - 1), row: row)
  }

  /// Alternatives are listed at their slot.
  private var isListAtCursor: Bool {
    switch picker?.kind {
    case .alternatives, .spellings: mode == .list
    default: false
    }
  }

  /// What the window must show.
  enum CursorTarget: Equatable {
    case offset(Int)
    case slot(Passage.ID, Int, start: Int)

    var offset: Int {
      switch self {
      case .offset(let offset), .slot(_, _, let offset): offset
      }
    }
  }

  var cursorTarget: CursorTarget {
    guard let passage = focusedPassage else { return .offset(selection.head) }
    return .slot(passage.id, passage.cursorSlot, start: passage.span.lowerBound)
  }

  /// Row and column of the target in `rows`.
  static func find(_ target: CursorTarget, in rows: [VisualRow]) -> (row: Int, column: Int)? {
    if case .slot(let id, let slot, _) = target {
      for (row, candidate) in rows.enumerated() {
        if let cell = candidate.cells.first(where: { $0.passage == id && ($0.slot ?? slot) >= slot }
        ) {
          return (row, cell.column)
        }
      }
      for (row, candidate) in rows.enumerated().reversed() {
        if let cell = candidate.cells.last(where: { $0.passage == id }) {
          return (row, cell.column)
        }
      }
    }
    return find(offset: target.offset, in: rows)
  }

  private static func find(offset: Int, in rows: [VisualRow]) -> (row: Int, column: Int)? {
    var end: (row: Int, column: Int)?
    for (row, candidate) in rows.enumerated() where candidate.kind == .text {
      let range = candidate.range
      guard range.lowerBound <= offset, offset <= range.upperBound else { continue }
      // The first cell that ends after it: offsets inside of a span lead to its first cell.
      if let cell = candidate.cells.first(where: { $0.offset >= offset && $0.role != .lineEnd }) {
        return (row, cell.column)
      }
      end = (row, candidate.cells.last { $0.role != .lineEnd }.map { $0.column + $0.width } ?? 0)
    }
    return end
  }

  // MARK: Scrolling

  /// Keeps the window on the document and, unless it was scrolled by hand, the cursor in it, and
  /// lays out what is in the window.
  mutating func settleViewport() {
    var layout = layout
    defer { layoutMemo = layout.memo }
    let top = layout.block(at: clamped(viewport.top))
    if top.range.lowerBound != viewport.top {
      viewport.top = top.range.lowerBound
      viewport.skippedRows = 0
    }
    if viewport.skippedRows > 0 {
      viewport.skippedRows = min(viewport.skippedRows, layout.rows(of: top).count - 1)
    }
    if !scrollsFreely { showCursor(&layout) }
    _ = layout.blocks(in: viewport)
  }

  private mutating func showCursor(_ layout: inout Layout) {
    let target = cursorTarget
    let block = layout.block(at: target.offset)
    let all = layout.rows(of: block)
    var row = Self.find(target, in: all)?.row ?? 0
    var height = viewport.textRows
    if let hidden = rowsOfCandidateList {
      // All of the passage, if there is room, above the list of alternatives.
      height = max(1, height - hidden)
      let last = all.lastIndex { $0.cells.contains { $0.passage == focus } } ?? row
      row = min(last, row + height - 1)
    }
    let isAbove = (block.range.lowerBound, row) < (viewport.top, viewport.skippedRows)
    let place = RowPlace(block: block, row: row)
    if isAbove {
      let isNear = place.distance(to: viewport.top, viewport.skippedRows, &layout, height) != nil
      place.moved(by: isNear ? 0 : -height / 2, &layout).scroll(&viewport)
    } else {
      let top = RowPlace(
        block: layout.block(at: viewport.top), row: viewport.skippedRows)
      let rows = top.distance(to: block.range.lowerBound, row, &layout, 2 * height)
      if let rows, rows < height { return }
      place.moved(by: rows == nil ? -height / 2 : 1 - height, &layout).scroll(&viewport)
    }
  }

  /// Rows at the bottom that the list of candidates takes.
  private var rowsOfCandidateList: Int? {
    guard case .candidates? = picker?.kind, let place = pickerPlace(in: []) else { return nil }
    return place.rows.count
  }

  /// Scrolls by rows without moving the cursor.
  mutating func scroll(by rows: Int) {
    var layout = layout
    defer { layoutMemo = layout.memo }
    let top = RowPlace(block: layout.block(at: clamped(viewport.top)), row: viewport.skippedRows)
    top.moved(by: rows, &layout).scroll(&viewport)
    scrollsFreely = true
  }

  /// Puts the row of the cursor in the middle of the window.
  mutating func centerCursor() {
    var layout = layout
    defer { layoutMemo = layout.memo }
    let block = layout.block(at: cursorTarget.offset)
    let row = Self.find(cursorTarget, in: layout.rows(of: block))?.row ?? 0
    RowPlace(block: block, row: row).moved(by: -viewport.textRows / 2, &layout).scroll(&viewport)
  }
}
