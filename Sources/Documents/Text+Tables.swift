/// Cells of tables as Markdown has them.
extension Text {
  /// The cell at `offset` in a row of a table, without its bars, and whether it extends beyond
  /// `reach`; the bar after a cell belongs to it. Empty in the line under a table's head. nil
  /// outside of a row: a row begins with a bar, or has one and belongs to a table with a line of
  /// bars and dashes.
  func tableCell(
    at offset: Int, ofLine line: Int, in paragraph: Range<Int>, reach: Int
  ) -> (range: Range<Int>, isCut: Bool)? {
    let full = lineRange(line)
    let near = max(full.lowerBound, offset - reach)..<min(full.upperBound, offset + reach)
    let row = bytes(in: near)
    let bars = row.indices.filter { index in
      row[index] == Text.bar && (index == 0 || row[index - 1] != UInt8(ascii: "\\"))
    }
    guard let first = bars.first else { return nil }
    let begins = near.lowerBound == full.lowerBound && Text.isBlank(row[..<first])
    guard begins || hasRule(in: paragraph) else { return nil }
    let ends = bars + [row.count]
    var cells = zip([-1] + bars, ends).map { bar, end in bar + 1..<end }
    if begins { cells.removeFirst() }
    if let last = cells.last, cells.count > 1, Text.isBlank(row[last]) { cells.removeLast() }
    let place = offset - near.lowerBound
    let cell = cells.last { $0.lowerBound <= place } ?? cells[0]
    let end = near.lowerBound + cell.upperBound
    if Text.isRule(row[cell]) { return (end..<end, false) }
    let isCut = cell.upperBound == row.count && near.upperBound < full.upperBound
    return (near.lowerBound + cell.lowerBound..<end, isCut)
  }

  private static let bar = UInt8(ascii: "|")

  /// Whether one of the lines is that under a table's head.
  private func hasRule(in lines: Range<Int>) -> Bool {
    lines.contains { line in
      let range = lineRange(line)
      guard range.count < 1000 else { return false }
      let bytes = bytes(in: range)
      return bytes.contains(Text.bar) && Text.isRule(bytes[...])
    }
  }

  private static func isRule(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.contains(UInt8(ascii: "-")) && bytes.allSatisfy { "|-: \t".utf8.contains($0) }
  }

  private static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }
}
