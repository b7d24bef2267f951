extension Text {
  /// Removes U+FEFF from the beginning of a text; whether it was there. O(log n).
  public mutating func removeByteOrderMark() -> Bool {
    let mark = TextEncoding.utf8.byteOrderMark
    guard bytes(in: 0..<min(mark.count, count)) == mark else { return false }
    replace(0..<mark.count, with: [])
    return true
  }
}
