internal import Documents

extension Frame {
  /// Puts one cluster unchanged, like `put` of a glyph.
  public mutating func put(
    _ text: String, width: Int, column: Int, row: Int, style: Style, end: Int? = nil
  ) {
    put(Glyph(text), width: width, column: column, row: row, style: style, end: end)
  }

  /// Puts the glyphs of a cluster, each like `put` of a glyph.
  mutating func put(
    _ form: DisplayForm, column: Int, row: Int, style: Style, end: Int? = nil
  ) {
    var column = column
    put(form.glyph, width: form.firstWidth, column: column, row: row, style: style, end: end)
    column += form.firstWidth
    for part in form.rest ?? [] {
      put(part.glyph, width: part.width, column: column, row: row, style: style, end: end)
      column += part.width
    }
  }

  /// Writes text from `column` on, up to `end`; every cluster in its displayed form, control
  /// characters as symbols. Returns the column after the last cluster. O(text).
  @discardableResult
  mutating func write(
    _ text: String, column: Int, row: Int, style: Style, end: Int? = nil
  ) -> Int {
    let end = min(end ?? columns, columns)
    var column = column
    for cluster in Clusters(text) {
      let form = cluster.display
      guard column + form.width <= end else { break }
      put(form, column: column, row: row, style: style, end: end)
      column += form.width
    }
    return column
  }

  /// The lines of `text` when none may be wider than `columns`: broken at line ends, after blanks,
  /// and within a word that is too long.
  static func wrapped(_ text: String, columns: Int) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap {
      $0.isEmpty ? [""] : wrapped(line: $0, columns: columns)
    }
  }

  private static func wrapped(line text: Substring, columns: Int) -> [String] {
    var lines: [String] = []
    var (line, width) = ("", 0)
    for cluster in text {
      let needed = DisplayForm(of: String(cluster)).width
      if width + needed > columns, !line.isEmpty {
        let rest = line.lastIndex(of: " ").map { line[line.index(after: $0)...] } ?? ""
        let kept = rest.isEmpty ? line : String(line.dropLast(rest.count))
        lines.append(kept)
        line = String(line.dropFirst(kept.count))
        width = CellWidth.columns(line)
      }
      line.append(cluster)
      width += needed
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// `text` if it fits, else as much of it as leaves room for `…`.
  static func shortened(_ text: String, to columns: Int) -> String {
    guard CellWidth.columns(text) > columns else { return text }
    var room = columns - 1
    var kept = ""
    for cluster in text {
      room -= DisplayForm(of: String(cluster)).width
      if room < 0 { break }
      kept.append(cluster)
    }
    return columns > 0 ? kept + "…" : ""
  }
}
