internal import RegularExpressions

/// A pattern or a replacement that was refused, or a search given up, in words for a person.
public struct SearchError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String
  /// The character of the pattern or the replacement that is wrong, from 0, where that is known.
  public var place: Int?

  public init(description: String, place: Int? = nil) {
    self.description = description
    self.place = place
  }
}

/// A pattern to find. Offsets are bytes; matches do not overlap.
///
/// The text is read in windows, so that a match near the cursor costs no more in a large file; a
/// match longer than `Search.overlap` may be missed or cut where it crosses a window's end.
public struct Search: Sendable {
  /// The result of `next` and `previous`.
  public struct Found: Sendable, Equatable {
    public var range: Range<Int>
    /// Whether the search went past the end of the text and on from the other.
    public var wrapped: Bool
  }

  public let pattern: String
  public let options: Options
  let expression: RegularExpression

  /// Longest match that is found wherever it is: 64 KiB.
  public static let overlap = 1 << 16
  private static let smallestWindow = 1 << 16
  private static let largestWindow = 1 << 19
  /// How far after a window the end of its last line is searched.
  private static let lineReach = 1 << 22
  /// Bytes before a window that a look-behind sees.
  private static let context = 1 << 10
  /// Matches between two calls of `progress`.
  private static let stride = 64

  public init(_ pattern: String, _ options: Options = Options()) throws(SearchError) {
    guard !pattern.isEmpty else { throw SearchError(description: "Nothing to search for") }
    self.pattern = pattern
    self.options = options
    expression = try PatternSource(pattern, options).compiled()
  }

  /// The matches in `range`, at most `limit`. O(range). `progress` is called with the current
  /// offset, and throws to end the search.
  public func matches(
    in text: Text, range: Range<Int>? = nil, limit: Int = .max,
    progress: (Int) throws(SearchError) -> Void = { _ in }
  ) throws(SearchError) -> [Range<Int>] {
    var result: [Range<Int>] = []
    guard limit > 0 else { return result }
    try scan(text, range ?? 0..<text.count, progress) { hit in
      result.append(hit.range)
      return result.count < limit
    }
    return result
  }

  /// The first match at or after `offset`, else the first of the text; nil without a match.
  public func next(
    in text: Text, from offset: Int, progress: (Int) throws(SearchError) -> Void = { _ in }
  ) throws(SearchError) -> Found? {
    let rest = offset..<text.count
    if let range = try matches(in: text, range: rest, limit: 1, progress: progress).first {
      return Found(range: range, wrapped: false)
    }
    let range = try matches(in: text, limit: 1, progress: progress).first
    return range.map { Found(range: $0, wrapped: true) }
  }

  /// The last match that ends at or before `offset`, else the last of the text; nil without a
  /// match.
  public func previous(
    in text: Text, before offset: Int, progress: (Int) throws(SearchError) -> Void = { _ in }
  ) throws(SearchError) -> Found? {
    if let range = try last(in: text, endingAtMost: offset, progress) {
      return Found(range: range, wrapped: false)
    }
    let range = try last(in: text, endingAtMost: text.count, progress)
    return range.map { Found(range: $0, wrapped: true) }
  }

  /// Windows from `end` backwards, each longer than the one before.
  private func last(
    in text: Text, endingAtMost end: Int, _ progress: (Int) throws(SearchError) -> Void
  ) throws(SearchError) -> Range<Int>? {
    var upper = end
    var size = Search.smallestWindow
    while upper > 0 {
      let lower = lineStart(in: text, near: max(0, upper - size))
      var found: Range<Int>?
      try scan(text, lower..<end, progress) { hit in
        if hit.range.lowerBound < upper { found = hit.range }
        return hit.range.lowerBound < upper
      }
      if let found { return found }
      upper = lower
      size = min(4 * size, Search.largestWindow)
    }
    return nil
  }

  /// A match, its groups where they are asked for, and the bytes that those are in.
  struct Hit {
    var range: Range<Int>
    var groups: [Range<Int>?]
    var bytes: [UInt8]
    /// The match in `bytes`.
    var local: Range<Int>
  }

  /// Calls `body` with the matches within `range` in order until it returns false.
  func scan(
    _ text: Text, _ range: Range<Int>, capturing: Bool = false,
    _ progress: (Int) throws(SearchError) -> Void, _ body: (Hit) -> Bool
  ) throws(SearchError) {
    text.check(range)
    var lower = range.lowerBound
    var size = Search.smallestWindow
    var goesOn = true
    var count = 0
    // Reused for each window, which is quicker than new memory.
    var bytes: [UInt8] = []
    while goesOn && lower < range.upperBound {
      try progress(lower)
      let start = max(0, lower - Search.context)
      let end = min(lower + size, range.upperBound)
      let subjectEnd = min(lineEnd(in: text, near: end + Search.overlap), range.upperBound)
      bytes.removeAll(keepingCapacity: true)
      text.forEachSlice(in: start..<subjectEnd) {
        bytes += $0
        return true
      }
      var nextLower = end
      var stop: SearchError?
      do throws(RegularExpressionError) {
        try expression.forEachMatch(
          in: bytes.span, range: lower - start..<bytes.count, groups: capturing
        ) { match in
          let found = match.range.lowerBound + start..<match.range.upperBound + start
          guard found.lowerBound < end || end == range.upperBound else { return false }
          nextLower = max(end, found.upperBound)
          guard accepts(match.range, in: bytes) else { return true }
          goesOn = body(
            Hit(range: found, groups: match.groups, bytes: bytes, local: match.range))
          count += 1
          if goesOn, count % Search.stride == 0 {
            do throws(SearchError) { try progress(found.lowerBound) } catch { stop = error }
          }
          return goesOn && stop == nil
        }
      } catch {
        throw Self.tooCostly(error)
      }
      if let stop { throw stop }
      lower = nextLower
      size = min(4 * size, Search.largestWindow)
    }
  }

  private static func tooCostly(_ error: RegularExpressionError) -> SearchError {
    SearchError(
      description: error.isTooCostly
        ? "This expression takes too many steps here: narrow it, as by fewer nested repetitions"
        : error.message)
  }

  /// Whether a match counts: an empty one where they are wanted, and one of plain text unless an
  /// accent follows, which makes its last letter another one.
  private func accepts(_ match: Range<Int>, in bytes: [UInt8]) -> Bool {
    if match.isEmpty { return options.findsEmpty }
    guard !options.isExpression, match.upperBound < bytes.count, bytes[match.upperBound] >= 0xCC,
      let (next, _) = UTF8Sequence.scalar(in: bytes, at: match.upperBound)
    else { return true }
    return !(0x300...0x36F).contains(next.value)
  }

  /// The line's end at or after `offset` when it is not far, so that `$` does not match elsewhere.
  private func lineEnd(in text: Text, near offset: Int) -> Int {
    text.lineBreak(from: offset, within: Search.lineReach)
      ?? text.graphemeBoundary(atOrBefore: offset)
  }

  /// The line's start at or before `offset` when it is not far.
  private func lineStart(in text: Text, near offset: Int) -> Int {
    let start = text.lineStart(at: offset)
    return offset - start < Search.lineReach ? start : text.graphemeBoundary(atOrBefore: offset)
  }
}
