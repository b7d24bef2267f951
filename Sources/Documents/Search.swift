internal import RegularExpressions

/// A pattern that was refused or gave up, in words for the status line.
public struct SearchError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String

  public init(description: String) { self.description = description }
}

/// A pattern to find. Smart case: a pattern without capitals finds any case. Offsets are bytes;
/// matches do not overlap and are never empty.
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
  public let isRegularExpression: Bool
  private let expression: RegularExpression

  static let overlap = 1 << 16
  private static let smallestWindow = 1 << 16
  private static let largestWindow = 1 << 19
  /// How far after a window the end of its last line is searched.
  private static let lineReach = 1 << 22
  /// Bytes before a window that a look-behind sees.
  private static let context = 1 << 10

  /// In a regular expression `^` and `$` match at lines.
  public init(_ pattern: String, isRegularExpression: Bool = false) throws(SearchError) {
    guard !pattern.isEmpty else { throw SearchError(description: "nothing to search for") }
    self.pattern = pattern
    self.isRegularExpression = isRegularExpression
    var options: RegularExpression.Options = isRegularExpression ? .multiline : .literal
    if !Search.hasCapitals(pattern, isRegularExpression) { options.insert(.caseInsensitive) }
    do {
      expression = try RegularExpression(pattern, options: options)
    } catch {
      throw SearchError(description: "\(error)")
    }
  }

  /// The matches in `range`, at most `limit`. O(range). `progress` is called with the current
  /// offset, and throws to end the search.
  public func matches(
    in text: Text, range: Range<Int>? = nil, limit: Int = .max,
    progress: (Int) throws(SearchError) -> Void = { _ in }
  ) throws(SearchError) -> [Range<Int>] {
    var result: [Range<Int>] = []
    guard limit > 0 else { return result }
    try scan(text, range ?? 0..<text.count, progress) {
      result.append($0)
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
      try scan(text, lower..<end, progress) {
        if $0.lowerBound < upper { found = $0 }
        return $0.lowerBound < upper
      }
      if let found { return found }
      upper = lower
      size = min(4 * size, Search.largestWindow)
    }
    return nil
  }

  /// Calls `body` with the matches within `range` in order until it returns false.
  private func scan(
    _ text: Text, _ range: Range<Int>, _ progress: (Int) throws(SearchError) -> Void,
    _ body: (Range<Int>) -> Bool
  ) throws(SearchError) {
    text.check(range)
    var lower = range.lowerBound
    var size = Search.smallestWindow
    var goesOn = true
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
      do {
        try expression.forEachRange(in: bytes.span, range: lower - start..<bytes.count) { match in
          let found = match.lowerBound + start..<match.upperBound + start
          guard found.lowerBound < end else { return false }
          nextLower = max(end, found.upperBound)
          if !found.isEmpty { goesOn = body(found) }
          return goesOn
        }
      } catch {
        throw SearchError(description: "\(error)")
      }
      lower = nextLower
      size = min(4 * size, Search.largestWindow)
    }
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

  /// Whether `pattern` has a literal capital letter.
  private static func hasCapitals(_ pattern: String, _ isRegularExpression: Bool) -> Bool {
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isRegularExpression && isEscaped {
        isEscaped = false
      } else if isRegularExpression && scalar == "\\" {
        isEscaped = true
      } else if scalar.properties.isUppercase {
        return true
      }
    }
    return false
  }
}
