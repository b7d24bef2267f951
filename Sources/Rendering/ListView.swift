internal import Documents
internal import Editing

/// A list to choose from, over the text.
struct ListView {
  let picker: Picker
  let theme: Theme
  let place: PickerPlace

  func draw(in frame: inout Frame) {
    let ground = theme[.text].overlaid(with: theme[.help])
    let columns = place.columns
    var row = place.rows.lowerBound
    if place.hasTitle {
      frame.clear(columns, row: row, style: ground)
      let text = Frame.shortened(" \(picker.title)\(picker.filter)", to: columns.count)
      let end = frame.write(text, column: columns.lowerBound, row: row, style: theme[.helpTitle])
      let note = columns.upperBound - 1 - CellWidth.columns(picker.note)
      if note > end + 1 {
        frame.write(picker.note, column: note, row: row, style: theme[.helpKey])
      }
      if picker.isNarrowed {
        frame.cursor = ScreenPosition(column: min(end, frame.columns - 1), row: row)
      }
      row += 1
    }
    for index in place.items {
      draw(picker.items[index], index, columns, row, ground, in: &frame)
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
}
