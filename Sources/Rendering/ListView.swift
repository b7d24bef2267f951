internal import Documents
internal import Editing

/// A list to choose from: over the text, at its bottom or at the cursor.
struct ListView {
  let picker: Picker
  let theme: Theme
  /// Where a list that belongs to a word stands; nil puts it at the bottom.
  let anchor: ScreenPosition?

  private static let mostRows = 10

  func draw(in frame: inout Frame, rows: Int) {
    guard rows >= 1, frame.columns >= 4 else { return }
    let ground = theme[.text].overlaid(with: theme[.help])
    let hasTitle = rows > 2
    let window = picker.window(rows: min(Self.mostRows, rows - (hasTitle ? 1 : 0)))
    let height = window.count + (hasTitle ? 1 : 0)
    let width = anchor == nil ? frame.columns : self.width(window, in: frame)
    let top = self.top(height, rows)
    let left = anchor.map { max(0, min($0.column, frame.columns - width)) } ?? 0
    var row = top
    if hasTitle {
      frame.clear(left..<left + width, row: row, style: ground)
      let text = Frame.shortened(" \(picker.title)\(picker.filter)", to: width)
      let end = frame.write(text, column: left, row: row, style: theme[.helpTitle])
      if case .commands = picker.kind {
        frame.cursor = ScreenPosition(column: min(end, frame.columns - 1), row: row)
      }
      row += 1
    }
    for index in window {
      draw(picker.items[index], index, left..<left + width, row, ground, in: &frame)
      row += 1
    }
  }

  private func draw(
    _ item: Picker.Item, _ index: Int, _ columns: Range<Int>, _ row: Int, _ ground: Style,
    in frame: inout Frame
  ) {
    let isSelected = index == picker.selected
    frame.clear(columns, row: row, style: ground)
    let detail = Frame.shortened(item.detail, to: columns.count / 2)
    let room = columns.count - CellWidth.columns(detail) - 4
    frame.write(
      (isSelected ? "› " : "  ") + Frame.shortened(item.text, to: max(1, room)),
      column: columns.lowerBound, row: row, style: theme[.help], end: columns.upperBound)
    frame.write(
      detail, column: columns.upperBound - 1 - CellWidth.columns(detail), row: row,
      style: theme[.helpKey], end: columns.upperBound)
    if isSelected { frame.paint(theme[.selection], columns: columns, row: row) }
  }

  /// Below the word where there is room, else above it.
  private func top(_ height: Int, _ rows: Int) -> Int {
    guard let anchor else { return max(0, rows - height) }
    if anchor.row + 1 + height <= rows { return anchor.row + 1 }
    return anchor.row >= height ? anchor.row - height : max(0, rows - height)
  }

  private func width(_ window: Range<Int>, in frame: Frame) -> Int {
    let widest = picker.items[window].map {
      CellWidth.columns($0.text) + CellWidth.columns($0.detail) + 6
    }
    return min(frame.columns, max(16, widest.max() ?? 0))
  }
}
