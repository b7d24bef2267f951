import Editing
import Testing

@testable import Rendering

@Suite struct FrameTests {
  @Test func sizesBelowOne() {
    let frame = Frame(columns: 0, rows: -3)
    #expect(frame.columns == 1 && frame.rows == 1 && frame.cells.count == 1)
  }

  @Test func wideClustersStayWhole() {
    var frame = Frame(columns: 5, rows: 1)
    frame.put("漢", width: 2, column: 1, row: 0, style: .plain)
    #expect(frame.plainText == " 漢\n")
    #expect(frame[2, 0].width == 0)
    // Over its second half, over its first, and at the edge.
    frame.put("x", width: 1, column: 2, row: 0, style: .plain)
    #expect(frame.plainText == "  x\n")
    frame.put("漢", width: 2, column: 1, row: 0, style: .plain)
    frame.put("y", width: 1, column: 1, row: 0, style: .plain)
    #expect(frame.plainText == " y\n")
    frame.put("漢", width: 2, column: 4, row: 0, style: .plain)
    #expect(frame.plainText == " y\n")
    frame.put("字", width: 2, column: 0, row: 0, style: .plain)
    frame.put("漢", width: 2, column: 1, row: 0, style: .plain)
    #expect(frame.plainText == " 漢\n")
    #expect(frame.cells.map(\.width) == [1, 2, 0, 1, 1])
  }

  @Test func outsideIsIgnored() {
    var frame = Frame(columns: 3, rows: 2)
    let blank = frame
    for (column, row) in [(-1, 0), (3, 0), (0, -1), (0, 2)] {
      frame.put("x", width: 1, column: column, row: row, style: .plain)
      frame.paint(Style(attributes: .bold), columns: column..<column + 1, row: row == 0 ? 5 : row)
      frame.clear(column..<column + 1, row: row == 0 ? -7 : row, style: .plain)
    }
    #expect(frame == blank)
  }

  @Test func writingShowsControlsAsSymbols() {
    var frame = Frame(columns: 12, rows: 1)
    let end = frame.write("a\u{1b}[2J\u{7}\u{202e}é", column: 0, row: 0, style: .plain)
    #expect(end == 8)
    for scalar in frame.plainText.dropLast().unicodeScalars {
      #expect(scalar.value >= 0x20 && scalar.value != 0x202e)
    }
  }

  @Test func shortening() {
    #expect(Frame.shortened("palimpsest", to: 10) == "palimpsest")
    #expect(Frame.shortened("palimpsest", to: 5) == "pali…")
    #expect(Frame.shortened("漢字漢字", to: 4) == "漢…")
    #expect(Frame.shortened("ab", to: 1) == "…")
    #expect(Frame.shortened("ab", to: 0) == "")
    #expect(Frame.shortened("ab", to: -5) == "")
  }

  @Test func planes() {
    var frame = Frame(columns: 3, rows: 2)
    frame.put("x", width: 1, column: 1, row: 1, style: Style(foreground: .ansi(1)))
    #expect(frame.plainText == "\n x\n")
    #expect(frame.stylePlane == "...\n.a.\n\n. \na red\n")
  }

  @Test func picture() {
    var frame = Frame(columns: 4, rows: 1, style: Theme.standard[.text])
    frame.put("<", width: 1, column: 0, row: 0, style: .plain)
    frame.put("漢", width: 2, column: 1, row: 0, style: Style(attributes: .bold))
    frame.cursor = ScreenPosition(column: 3, row: 0)
    let svg = frame.svg(theme: .standard, title: "a & b")
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("<title>a &amp; b</title>"))
    #expect(svg.contains(">&lt;</text>"))
    #expect(svg.contains("textLength=\"18\"") && svg.contains("font-weight=\"bold\">漢</text>"))
    #expect(svg == frame.svg(theme: .standard, title: "a & b"))
  }
}
