internal import Documents

extension Text {
  /// `range` without the white space (ASCII) at its ends; empty when there is nothing else.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    let bytes = bytes(in: range)
    guard let first = bytes.firstIndex(where: { !$0.isBlank }),
      let last = bytes.lastIndex(where: { !$0.isBlank })
    else { return range.lowerBound..<range.lowerBound }
    return range.lowerBound + first..<range.lowerBound + last + 1
  }

  /// Where the blanks and tabs that begin at `start` end.
  func endOfIndent(from start: Int) -> Int {
    var end = start
    while end < count, self[end] == UInt8(ascii: " ") || self[end] == UInt8(ascii: "\t") {
      end += 1
    }
    return end
  }
}

extension UInt8 {
  /// White space of ASCII.
  var isBlank: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
}
