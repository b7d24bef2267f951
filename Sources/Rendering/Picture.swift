internal import Documents

/// Geometry and elements of an SVG screen.
struct Picture {
  struct Run {
    var column: Int
    var width: Int
    var text: String
    var style: Style
    var isNarrow: Bool
  }

  static let margin = 12
  static let cellWidth = 9
  static let cellHeight = 20
  /// Runs of blanks would be folded by readers that do not honour xml:space.
  static let blank: Unicode.Scalar = "\u{a0}"
  static let fonts = "ui-monospace, 'DejaVu Sans Mono', 'SF Mono', Menlo, Consolas, monospace"

  let ground: String
  let ink: String

  init(_ theme: Theme) {
    ground = theme[.text].background?.hexadecimal ?? "#15161a"
    ink = theme[.text].foreground?.hexadecimal ?? "#d9d5c8"
  }

  /// The beginning of a picture of `columns` by `rows` cells, up to the group that holds its rows;
  /// `style` is CSS.
  func head(columns: Int, rows: Int, title: String, style: String = "") -> String {
    let width = x(columns) + Self.margin
    let height = y(rows) + Self.margin
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img">
      <title>\(Markup.escaped(title))</title>
      \(style.isEmpty ? "" : "<style>\n\(style)</style>\n")\
      <rect width="\(width)" height="\(height)" rx="8" fill="\(ground)"/>
      <g font-family="\(Self.fonts)" font-size="15" xml:space="preserve">

      """
  }

  /// The elements of one row.
  func row(_ cells: ArraySlice<Cell>, _ number: Int) -> String {
    let runs = Self.runs(cells)
    return runs.map { background(of: $0, row: number) }.joined()
      + runs.map { text(of: $0, row: number) }.joined()
  }

  /// Neighbouring cells of one style. A wide cluster is a separate run.
  private static func runs(_ cells: ArraySlice<Cell>) -> [Run] {
    var runs: [Run] = []
    for (column, cell) in cells.enumerated() where cell.width > 0 {
      let isNarrow = cell.width == 1
      if isNarrow, let last = runs.last, last.style == cell.style, last.isNarrow {
        runs[runs.count - 1].text += cell.text
        runs[runs.count - 1].width += 1
      } else {
        runs.append(
          Run(
            column: column, width: cell.width, text: cell.text, style: cell.style,
            isNarrow: isNarrow))
      }
    }
    return runs
  }

  func x(_ column: Int) -> Int { Self.margin + column * Self.cellWidth }
  func y(_ row: Int) -> Int { Self.margin + row * Self.cellHeight }

  private func background(of run: Run, row: Int) -> String {
    let fill = colours(run.style).background
    guard fill != ground else { return "" }
    return """
      <rect x="\(x(run.column))" y="\(y(row))" width="\(run.width * Self.cellWidth)" \
      height="\(Self.cellHeight)" fill="\(fill)"/>

      """
  }

  private func text(of run: Run, row: Int) -> String {
    let attributes = run.style.attributes
    guard run.text.contains(where: { $0 != " " }) else { return "" }
    var look = ""
    if attributes.contains(.bold) { look += " font-weight=\"bold\"" }
    if attributes.contains(.italic) { look += " font-style=\"italic\"" }
    if attributes.contains(.underline) { look += " text-decoration=\"underline\"" }
    if attributes.contains(.dim) { look += " opacity=\"0.6\"" }
    return """
      <text x="\(x(run.column))" y="\(y(row) + 15)" textLength="\(run.width * Self.cellWidth)" \
      lengthAdjust="spacingAndGlyphs" fill="\(colours(run.style).foreground)"\(look)>\
      \(Markup.escaped(run.text, blank: Self.blank))</text>

      """
  }

  private func colours(_ style: Style) -> (foreground: String, background: String) {
    let foreground = style.foreground?.hexadecimal ?? ink
    let background = style.background?.hexadecimal ?? ground
    return style.attributes.contains(.reverse)
      ? (background, foreground) : (foreground, background)
  }
}

extension Color {
  /// `#rrggbb`, the sixteen as xterm has them; nil for `.terminal`.
  var hexadecimal: String? {
    guard let (red, green, blue) = components else { return nil }
    return Color.rgb(red: UInt8(red), green: UInt8(green), blue: UInt8(blue)).description
  }
}
