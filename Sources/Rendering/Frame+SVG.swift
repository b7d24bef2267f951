internal import Editing

extension Frame {
  /// The screen as a picture. Pure: the same frame gives the same bytes.
  ///
  /// One `text` element a run of equal style, stretched to its columns, so that any monospaced font
  /// lines up. `theme` gives the ground and the colours of `.terminal`.
  public func svg(theme: Theme, title: String = "palimpsest") -> String {
    let picture = Picture(theme)
    var svg = picture.head(columns: columns, rows: rows, title: title)
    for number in 0..<rows { svg += picture.row(row(number), number) }
    if let cursor, cursor.row < rows, cursor.column < columns {
      svg += """
        <rect x="\(picture.x(cursor.column))" y="\(picture.y(cursor.row))" width="2" \
        height="\(Picture.cellHeight)" fill="\(picture.ink)"/>

        """
    }
    return svg + "</g>\n</svg>\n"
  }
}
