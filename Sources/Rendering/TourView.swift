internal import Documents
internal import Editing

/// The tour, over the last rows of the text.
struct TourView {
  let lines: [TourLine]
  let theme: Theme

  func draw(in frame: inout Frame, rows: Int) {
    let ground = theme[.text].overlaid(with: theme[.help])
    let keyColumns = lines.map { CellWidth.columns($0.keys) }.max() ?? 0
    let titles = min(2 + keyColumns + 2, frame.columns / 2)
    for (index, line) in lines.enumerated() {
      let row = rows - lines.count + index
      frame.clear(0..<frame.columns, row: row, style: ground)
      let start = line.keys.isEmpty ? 2 : titles
      frame.write(
        Frame.shortened(line.keys, to: max(0, titles - 3)), column: 2, row: row,
        style: theme[.helpKey])
      frame.write(
        Frame.shortened(line.text, to: max(0, frame.columns - start - 1)), column: start, row: row,
        style: theme[index == 0 ? .helpTitle : .help])
    }
  }
}
