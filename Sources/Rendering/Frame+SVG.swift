internal import Editing

extension Frame {
  /// The screen as a picture. Pure: the same frame gives the same bytes.
  ///
  /// One `text` element a run of equal style, stretched to its columns, so that any monospaced font
  /// lines up. `theme` gives the ground and the colours of `.terminal`.
  public func svg(theme: Theme, title: String = "palimpsest") -> String {
    let ground = theme[.text].background?.hexadecimal ?? "#15161a"
    let ink = theme[.text].foreground?.hexadecimal ?? "#d9d5c8"
    let picture = Picture(ground: ground, ink: ink)
    let width = picture.x(columns) + Picture.margin
    let height = picture.y(rows) + Picture.margin

    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img">
      <title>\(Picture.escaped(title, blank: " "))</title>
      <rect width="\(width)" height="\(height)" rx="8" fill="\(ground)"/>
      <g font-family="\(Picture.fonts)" font-size="15" xml:space="preserve">

      """
    for number in 0..<rows {
      for run in runs(number) { svg += picture.background(of: run, row: number) }
      for run in runs(number) { svg += picture.text(of: run, row: number) }
    }
    if let cursor, cursor.row < rows, cursor.column < columns {
      svg += """
        <rect x="\(picture.x(cursor.column))" y="\(picture.y(cursor.row))" width="2" \
        height="\(Picture.cellHeight)" fill="\(ink)"/>

        """
    }
    return svg + "</g>\n</svg>\n"
  }

  /// Neighbouring cells of one style. A wide cluster is a run of its own.
  private func runs(_ number: Int) -> [Picture.Run] {
    var runs: [Picture.Run] = []
    var column = 0
    for cell in row(number) {
      defer { column += 1 }
      if cell.width == 0 { continue }
      let isNarrow = cell.width == 1
      if isNarrow, let last = runs.last, last.style == cell.style, last.isNarrow {
        runs[runs.count - 1].text += cell.text
        runs[runs.count - 1].width += 1
      } else {
        runs.append(
          Picture.Run(
            column: column, width: cell.width, text: cell.text, style: cell.style,
            isNarrow: isNarrow))
      }
    }
    return runs
  }
}

/// Geometry and elements of an SVG screen.
private struct Picture {
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
  static let fonts = "ui-monospace, 'DejaVu Sans Mono', 'SF Mono', Menlo, Consolas, monospace"

  let ground: String
  let ink: String

  func x(_ column: Int) -> Int { Self.margin + column * Self.cellWidth }
  func y(_ row: Int) -> Int { Self.margin + row * Self.cellHeight }

  func background(of run: Run, row: Int) -> String {
    let fill = colours(run.style).background
    guard fill != ground else { return "" }
    return """
      <rect x="\(x(run.column))" y="\(y(row))" width="\(run.width * Self.cellWidth)" \
      height="\(Self.cellHeight)" fill="\(fill)"/>

      """
  }

  func text(of run: Run, row: Int) -> String {
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
      \(Self.escaped(run.text))</text>

      """
  }

  private func colours(_ style: Style) -> (foreground: String, background: String) {
    let foreground = style.foreground?.hexadecimal ?? ink
    let background = style.background?.hexadecimal ?? ground
    return style.attributes.contains(.reverse)
      ? (background, foreground) : (foreground, background)
  }

  static func escaped(_ text: String, blank: String = "\u{a0}") -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // Runs of blanks would be folded by readers that do not honour xml:space.
      case " ": result += blank
      default: result.append(character)
      }
    }
    return result
  }
}

extension Color {
  /// `#rrggbb`, the sixteen as xterm has them; nil for `.terminal`.
  fileprivate var hexadecimal: String? {
    guard let (red, green, blue) = components else { return nil }
    return Color.rgb(red: UInt8(red), green: UInt8(green), blue: UInt8(blue)).description
  }
}
