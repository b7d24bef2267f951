internal import Strings

/// Grapheme clusters, which a reader sees as one character. They are those of Swift's `Character`
/// (UAX #29); CR LF is one, and so is each byte that is not UTF-8. Only a window around the
/// position is examined.
extension Text {
  /// A cluster longer than this is cut: text made of nothing but combining marks.
  static let longestGrapheme = 4096
  /// How far back the search for a safe place to start goes.
  private static let lookBehind = 1024

  /// The end of the cluster that begins at `offset`; the end of the text without one.
  /// O(log n + cluster).
  public func nextGrapheme(after offset: Int) -> Int {
    guard offset < count else { return count }
    var size = 32
    while true {
      let end = min(offset + size, count)
      var clusters = Clusters(bytes(in: offset..<end), at: offset)
      let found = clusters.next()?.range.upperBound ?? end
      // The next scalar was complete, even if it took all of four bytes.
      if end - found >= 4 || end == count || size >= Text.longestGrapheme { return found }
      size *= 4
    }
  }

  /// The start of the cluster before `offset`; 0 without one. O(log n + window).
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

  /// A boundary below `offset`: between two characters that are ASCII or plain there always is one,
  /// but for CR LF.
  private func safeBoundary(before offset: Int) -> Int {
    let start = max(0, offset - Text.lookBehind)
    let window = bytes(in: start..<min(count, offset + 3))
    /// Where the character at an index ends, if its neighbours do not matter.
    func end(at index: Int) -> Int? {
      guard let (scalar, length) = UTF8Sequence.scalar(in: window, at: index) else { return nil }
      return scalar.isASCII || PlainCharacter.columns(scalar) > 0 ? index + length : nil
    }
    var next: Int?
    for index in stride(from: offset - start - 1, through: 0, by: -1) {
      guard let end = end(at: index) else {
        if !window[index].isUTF8Continuation { next = nil }
        continue
      }
      if let next, next == end, window[next] != 0x0A || window[index] != 0x0D {
        return start + next
      }
      next = index
    }
    if start == 0 { return 0 }
    // None: any scalar's start is a fair guess.
    return start + (window.prefix(4).firstIndex { !$0.isUTF8Continuation } ?? 0)
  }
}
