/// Lines and paragraphs around a position.
extension Text {
  /// Bytes either way beyond which a paragraph is not followed.
  static let paragraphReach = 1 << 15

  /// The first byte of the line that holds `offset`. O(log n).
  public func lineStart(at offset: Int) -> Int {
    self.offset(ofLine: line(at: offset))
  }

  /// The end of the line that holds `offset`, before its line end. O(log n).
  public func lineEnd(at offset: Int) -> Int {
    lineRange(line(at: offset)).upperBound
  }

  /// Whether a line holds nothing but white space. O(log n + line), up to a fixed length.
  public func isBlank(line: Int) -> Bool {
    let range = lineRange(line)
    guard range.count <= Text.paragraphReach else { return false }
    return forEachSlice(in: range) { slice in
      slice.allSatisfy { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
    }
  }

  /// The lines between blank lines that hold `offset`, without the last line end. Empty on a
  /// blank line. No farther than `paragraphReach` either way.
  public func paragraphRange(at offset: Int) -> Range<Int> {
    let line = line(at: offset)
    guard !isBlank(line: line) else { return offset..<offset }
    let lines = joinedLines(around: line, at: offset, reach: Text.paragraphReach) { _, _ in
      true
    }
    let start = max(self.offset(ofLine: lines.lowerBound), offset - Text.paragraphReach)
    let end = min(lineRange(lines.upperBound - 1).upperBound, offset + Text.paragraphReach)
    return graphemeBoundary(atOrBefore: start)..<graphemeBoundary(atOrBefore: end)
  }

  /// The lines around `line` without blank ones, as far as `joins(upper, lower)` holds between
  /// neighbours and no farther than `reach` around `offset`.
  func joinedLines(
    around line: Int, at offset: Int, reach: Int, joins: (Int, Int) -> Bool
  ) -> Range<Int> {
    var first = line
    while first > 0, self.offset(ofLine: first) > offset - reach,
      !isBlank(line: first - 1), joins(first - 1, first)
    {
      first -= 1
    }
    var last = line
    while let next = self.offset(ofLineAfter: last), next < offset + reach,
      !isBlank(line: last + 1), joins(last, last + 1)
    {
      last += 1
    }
    return first..<last + 1
  }
}
