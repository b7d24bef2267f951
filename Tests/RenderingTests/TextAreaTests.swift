import Documents
import Editing
import Testing

@testable import Rendering

@Suite struct TextAreaTests {
  /// Whatever the text: the screen has the rows' cells where they say, and blanks elsewhere.
  @Test func theFrameIsTheRows() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Generator(state: seed)
    let pieces =
      [
        "a", "word ", "  ", "\t", "\n", "\r\n", "é", "e\u{301}", "日本", "👍🏽", "👩‍🌾", "🇩🇪", "की", "م",
        "\u{1B}", "\u{202E}", "\u{200D}", "한", "ᄒ", "\u{0}",
      ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82]]
    for round in 0..<150 {
      let bytes = (0..<Int.random(in: 0...300, using: &random)).flatMap { _ in
        pieces.randomElement(using: &random) ?? []
      }
      let columns = Int.random(in: 1...60, using: &random)
      let editor = Editor(document: Document(contents: bytes), columns: columns, rows: 30)
      let frame = Frame(editor, theme: .standard)
      for (number, row) in editor.rows().enumerated() {
        let cells = expected(row, gutter: editor.gutterWidth, columns: columns)
        #expect(
          frame.row(number).dropFirst(editor.gutterWidth).map(\.text)
            == Array(cells.dropFirst(editor.gutterWidth)),
          "seed \(seed), round \(round), row \(number): \(bytes)")
      }
    }
  }

  /// One text a column: empty where a wide cluster goes on, blanks where it is cut off.
  private func expected(_ row: VisualRow, gutter: Int, columns: Int) -> [String] {
    var cells = Array(repeating: " ", count: columns)
    for cell in row.cells where cell.text.contains(where: { $0 != " " }) {
      let column = gutter + cell.column
      guard column + cell.width <= columns else { continue }
      for covered in column..<column + cell.width { cells[covered] = "" }
      cells[column] = cell.text
    }
    return cells
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }
}
