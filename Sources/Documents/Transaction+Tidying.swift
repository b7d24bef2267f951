extension Transaction {
  /// What removes the blanks and tabs at the ends of lines, where `trims`, and adds a line end after the
  /// last line, where `ends`. Lines in which `isLocked` has any byte of an edit stay as they are. O(n)
  /// with `trims`, else O(log n).
  public init(
    tidying text: Text, trims: Bool, ends: Bool, lineEnd: [UInt8],
    isLocked: (Range<Int>) -> Bool = { _ in false }
  ) {
    var edits: [Edit] = []
    // Where the blanks begin that have been seen last.
    var blanks: Int?
    var offset = 0
    var isAfterReturn = false
    func end(_ end: Int) {
      if let start = blanks, start < end, !isLocked(start..<end) {
        edits.append(Edit(range: start..<end, replacement: [UInt8]()))
      }
      blanks = nil
    }
    if trims {
      text.forEachSlice(in: 0..<text.count) { slice in
        for byte in slice {
          switch byte {
          case 0x0A: end(isAfterReturn ? offset - 1 : offset)
          case 0x20, 0x09: blanks = isAfterReturn ? offset : blanks ?? offset
          // It may belong to the line end.
          case 0x0D where !isAfterReturn: break
          default: blanks = nil
          }
          isAfterReturn = byte == 0x0D
          offset += 1
        }
        return true
      }
      if !isAfterReturn { end(offset) }
    }
    // A text that is nothing but blanks now needs no line end.
    let isEmpty = edits.count == 1 && edits[0].range == 0..<text.count || text.isEmpty
    if ends, !isEmpty, text[text.count - 1] != 0x0A, !isLocked(text.count..<text.count) {
      // A last line of blanks alone is gone, and ends with that before it.
      let isGone =
        edits.last.map { last in
          last.range.upperBound == text.count && last.range.lowerBound > 0
            && text[last.range.lowerBound - 1] == 0x0A
        } ?? false
      if !isGone { edits.append(Edit(range: text.count..<text.count, replacement: lineEnd)) }
    }
    self.init(edits)
  }
}
