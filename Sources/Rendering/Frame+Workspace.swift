public import Editing

extension Frame {
  /// The screen of a workspace: that of the shown document, or two panes beside each other, of which
  /// the one with the keys has the last line. Pure. O(screen).
  public init(_ workspace: Workspace, theme: Theme) {
    let shown = Frame(workspace.shown, theme: theme)
    guard let other = workspace.otherPane else {
      self = shown
      return
    }
    var beside = Frame(other.editor, theme: theme)
    beside.clear(0..<beside.columns, row: beside.rows - 1, style: theme[.text])
    self.init(columns: workspace.screen.columns, rows: shown.rows, style: theme[.text])
    let (left, right) = other.isLeft ? (beside, shown) : (shown, beside)
    let start = columns - right.columns
    for row in 0..<rows {
      put("│", width: 1, column: left.columns, row: row, style: theme[.gutter])
    }
    copy(left, column: 0)
    copy(right, column: start)
    let first = other.isLeft ? start : 0
    cursor = shown.cursor.map { ScreenPosition(column: $0.column + first, row: $0.row) }
  }
}
