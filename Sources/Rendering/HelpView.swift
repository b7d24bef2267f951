internal import Documents
internal import Editing

/// The list of keys, in place of the text.
struct HelpView {
  let lines: [HelpLine]
  let firstLine: Int
  let theme: Theme

  func draw(in frame: inout Frame, rows: Int) {
    let keyColumns = lines.map { CellWidth.columns($0.keys) }.max() ?? 0
    let margin = frame.columns >= 60 ? 2 : 0
    // On narrow screens the description is shortened before the key.
    let titles = margin + min(keyColumns, max(8, frame.columns / 2)) + 2
    let ground = theme[.text].overlaid(with: theme[.help])
    let shown = lines.dropFirst(max(0, min(firstLine, lines.count)))
    for row in 0..<min(rows, frame.rows) {
      frame.clear(0..<frame.columns, row: row, style: ground)
      guard row < shown.count else { continue }
      let line = shown[shown.startIndex + row]
      if line.keys.isEmpty {
        frame.write(line.title, column: margin, row: row, style: theme[.helpTitle])
      } else {
        frame.write(
          Frame.shortened(line.keys, to: titles - margin - 1), column: margin, row: row,
          style: theme[.helpKey])
        frame.write(
          Frame.shortened(line.title, to: frame.columns - titles), column: titles, row: row,
          style: theme[.help])
      }
    }
  }
}
