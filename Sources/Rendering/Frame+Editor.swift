public import Editing

extension Frame {
  /// The screen of an editor. Pure. O(screen).
  ///
  /// Top to bottom: the text with line numbers, or the help over it; the status line; a line for
  /// prompts, messages and key hints. A screen of two rows drops the status line while the last
  /// line is not empty; a screen of one row has only text, or the prompt.
  public init(_ editor: Editor, theme: Theme) {
    self.init(
      columns: editor.viewport.columns, rows: editor.viewport.rows, style: theme[.text])
    let status = editor.status
    var visible: [VisualRow] = []
    if let helpRow = editor.helpRow {
      HelpView(lines: editor.helpLines, firstLine: helpRow, theme: theme)
        .draw(in: &self, rows: editor.viewport.textRows)
    } else if let recovering = editor.recovering {
      DiffView(recovering, theme: theme).draw(in: &self, rows: editor.viewport.textRows)
    } else if let conflict = editor.conflict {
      DiffView(conflict, theme: theme).draw(in: &self, rows: editor.viewport.textRows)
    } else if let race = editor.race {
      RaceView(race: race, theme: theme).draw(in: &self, rows: editor.viewport.textRows)
    } else {
      visible = editor.rows()
      TextView(editor: editor, rows: visible, line: status.line - 1, theme: theme).draw(in: &self)
      // A screen narrower than the narrowest text area cuts it off.
      cursor = editor.screenCursor(in: visible)
        .flatMap { $0.column < columns && $0.row < rows ? $0 : nil }
    }
    if let picker = editor.picker, let place = editor.pickerPlace(in: visible) {
      ListView(picker: picker, theme: theme, place: place).draw(in: &self)
    }
    let tour = editor.tour
    if !tour.isEmpty {
      TourView(lines: tour, theme: theme).draw(in: &self, rows: editor.viewport.textRows)
    }
    let view = BottomView(editor: editor, status: status, theme: theme)
    if rows >= 3 {
      StatusView(status: status, theme: theme).draw(in: &self, row: rows - 2)
      view.draw(in: &self, row: rows - 1)
    } else if view.speaks {
      view.draw(in: &self, row: rows - 1)
    } else if rows == 2 {
      StatusView(status: status, theme: theme).draw(in: &self, row: 1)
    }
  }
}
