internal import Documents
internal import Editing

/// Another text as its differences from the document, in place of the text.
struct DiffView {
  let title: String
  let diff: RecoveryDiff
  /// First row of the differences that is shown.
  let firstRow: Int
  let theme: Theme

  func draw(in frame: inout Frame, rows: Int) {
    let ground = theme[.text]
    for row in 0..<min(rows, frame.rows) { frame.clear(0..<frame.columns, row: row, style: ground) }
    frame.write(
      Frame.shortened(" " + title, to: frame.columns), column: 0, row: 0, style: theme[.helpTitle])
    var row = 1
    for line in diff.lines(firstRow..<firstRow + max(0, rows - 1)) {
      let (mark, text, style) = look(of: line)
      let parts = Frame.wrapped(text, columns: max(1, frame.columns - mark.count))
      for (number, part) in (parts.isEmpty ? [""] : parts).enumerated() where row < rows {
        frame.write(
          (number == 0 ? mark : "  ") + part, column: 0, row: row, style: style)
        row += 1
      }
    }
  }

  private func look(of line: RecoveryDiff.Line) -> (mark: String, text: String, style: Style) {
    switch line {
    case .same(let text): ("  ", text, theme[.text])
    case .removed(let text): ("- ", text, theme[.removed])
    case .added(let text): ("+ ", text, theme[.added])
    case .gap(let lines): ("  ", "… \(lines) lines …", theme[.gutter])
    }
  }
}

extension DiffView {
  /// Text of an earlier session.
  init(_ recovering: Recovering, theme: Theme) {
    let number = recovering.count > 1 ? "\(recovering.number)/\(recovering.count): " : ""
    self.init(
      title: number + recovering.recovery.title, diff: recovering.diff, firstRow: recovering.row,
      theme: theme)
  }

  /// The text on disk.
  init(_ conflict: DiskConflict, theme: Theme) {
    self.init(
      title: "- is your text, + is the file on disk", diff: conflict.diff,
      firstRow: conflict.row, theme: theme)
  }
}
