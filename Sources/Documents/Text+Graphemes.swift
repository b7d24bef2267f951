/// Grapheme clusters: what a reader takes for one character. They are those of Swift's
/// `Character` (UAX #29); CR LF is one, a byte that is not UTF-8 is one of its own. Only a window
/// around the position is looked at.
extension Text {
  /// A cluster longer than this is cut: text made of nothing but combining marks.
  static let longestGrapheme = 4096
  /// How far back the search for a safe place to start goes.
  private static let lookBehind = 1024

  /// The end of the cluster that begins at `offset`; the text's end when there is none.
  /// O(log n + cluster).
  public func nextGrapheme(after offset: Int) -> Int {
    guard offset < count else { return count }
    var size = 32
    while true {
      let end = min(offset + size, count)
      let window = bytes(in: offset..<end)
      if window.count > 1, Text.isPlain(window[0]), window[1] < 0x80 { return offset + 1 }
      let valid = UTF8Sequence.validPrefix(of: window[...])
      if valid == 0 && (window.count >= 4 || end == count) { return offset + 1 }
      let length = firstGrapheme(of: window[..<valid])
      // The cluster may go on where the window ends; it does not go on into a stray byte.
      let isWhole = length < valid || end == count || window.count - valid >= 4
      if isWhole || size >= Text.longestGrapheme { return offset + max(1, length) }
      size *= 4
    }
  }

  /// The start of the cluster before `offset`; 0 when there is none. O(log n + window).
  public func previousGrapheme(before offset: Int) -> Int {
    guard offset > 1 else { return 0 }
    let window = bytes(in: offset - 2..<offset)
    if window[0] < 0x80, Text.isPlain(window[1]) { return offset - 1 }
    return grapheme(covering: offset - 1).lowerBound
  }

  /// `offset` if a cluster begins or the text ends there, else the start of the cluster around it.
  /// O(log n + window).
  public func graphemeBoundary(atOrBefore offset: Int) -> Int {
    offset >= count ? count : grapheme(covering: offset).lowerBound
  }

  /// The cluster that holds the byte at `offset`, which must be below `count`. O(log n + window).
  public func grapheme(covering offset: Int) -> Range<Int> {
    var start = safeBoundary(before: offset + 1)
    while true {
      let end = nextGrapheme(after: start)
      if end > offset { return start..<end }
      start = end
    }
  }

  /// Printable ASCII: no cluster has it anywhere but at its start.
  static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }

  private func firstGrapheme(of bytes: ArraySlice<UInt8>) -> Int {
    let string = String(decoding: bytes, as: UTF8.self)
    return string.first?.utf8.count ?? 0
  }

  /// A boundary below `offset`: between two ASCII bytes there always is one, but for CR LF.
  private func safeBoundary(before offset: Int) -> Int {
    let start = max(0, offset - Text.lookBehind)
    let window = bytes(in: start..<offset)
    for index in stride(from: window.count - 1, to: 0, by: -1)
    where window[index] < 0x80 && window[index - 1] < 0x80 {
      if window[index] != 0x0A || window[index - 1] != 0x0D { return start + index }
    }
    if start == 0 { return 0 }
    // None: any scalar's start is a fair guess.
    return start + (window.prefix(4).firstIndex { $0 & 0xC0 != 0x80 } ?? 0)
  }
}
