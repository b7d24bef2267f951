internal import CPCRE2

/// A compiled Perl-style pattern over UTF-8 bytes.
///
/// Matching is Unicode-aware (`\w`, `\d`, `\s` and case by Unicode properties) and offsets are
/// byte offsets. Bytes that are not UTF-8 match nothing and end no search. Every match has a
/// budget that grows with the subject, so that a pattern of exponential cost ends with an error.
public struct RegularExpression: Sendable {
  public struct Options: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let caseInsensitive = Options(rawValue: 1)
    /// `^` and `$` match at line boundaries.
    public static let multiline = Options(rawValue: 2)
    /// `.` matches newlines.
    public static let dotMatchesNewlines = Options(rawValue: 4)
    /// The pattern is plain text.
    public static let literal = Options(rawValue: 8)
    /// Matching does not check that subjects are UTF-8: they must be.
    static let validSubjects = Options(rawValue: 16)
    /// CR, LF and CR LF end lines; without it LF alone.
    public static let anyLineEnd = Options(rawValue: 32)
  }

  /// A match and its capture groups, as byte offsets into the subject.
  public struct Match: Sendable, Equatable {
    public var range: Range<Int>
    /// Group 1 first; nil for a group that took no part.
    public var groups: [Range<Int>?]
  }

  public let pattern: String
  private let code: CompiledPattern

  /// Compiles `pattern`, to machine code where the platform allows.
  public init(_ pattern: String, options: Options = []) throws(RegularExpressionError) {
    self.pattern = pattern
    code = try CompiledPattern(pattern, options)
  }

  /// Capture groups of the pattern, the whole match not counted.
  public var groupCount: Int { code.groupCount }

  /// The number of a named group; nil without one, or with several.
  public func group(named name: String) -> Int? { code.group(named: name) }

  /// Calls `body` with every match within `range`, left to right and not overlapping, until it
  /// returns false. Look-behind sees the text before `range`; the subject ends where `range` does.
  /// Without `groups` those of the matches are empty, and nothing is allocated for a match.
  ///
  /// - Precondition: `range` is within `subject`.
  public func forEachMatch(
    in subject: Span<UInt8>, range: Range<Int>? = nil, groups: Bool = true, _ body: (Match) -> Bool
  ) throws(RegularExpressionError) {
    try search(subject, range, groups: groups, body)
  }

  /// As `forEachMatch`, with ranges only: nothing is allocated for a match.
  public func forEachRange(
    in subject: Span<UInt8>, range: Range<Int>? = nil, _ body: (Range<Int>) -> Bool
  ) throws(RegularExpressionError) {
    try search(subject, range, groups: false) { body($0.range) }
  }

  /// Calls `body` with the number of a piece and a match in it, for every match in every piece,
  /// each piece being a separate subject. Once the search in a piece reaches its limits, no more
  /// matches are found: the work is bounded for all pieces together.
  ///
  /// - Precondition: the pieces are within `text`.
  public func forEachRange(
    in text: Span<UInt8>, pieces: [Range<Int>], _ body: (Int, Range<Int>) -> Void
  ) {
    let matcher = Matcher(code, bytes: pieces.map(\.count).max() ?? 0)
    unsafe text.withUnsafeBufferPointer { buffer in
      for (number, piece) in pieces.enumerated() {
        let subject = unsafe UnsafeBufferPointer(rebasing: buffer[piece])
        let failure = unsafe matcher.search(subject, 0..<subject.count, groups: false) { match in
          let lower = match.range.lowerBound + piece.lowerBound
          body(number, lower..<(lower + match.range.count))
          return true
        }
        if failure != nil { return }
      }
    }
  }

  /// The matches in `bytes`, at most `limit`.
  public func matches(
    in bytes: [UInt8], range: Range<Int>? = nil, limit: Int = .max
  ) throws(RegularExpressionError) -> [Match] {
    var found: [Match] = []
    guard limit > 0 else { return found }
    try forEachMatch(in: bytes.span, range: range) {
      found.append($0)
      return found.count < limit
    }
    return found
  }

  /// The matches in `text`, as offsets into its UTF-8.
  public func matches(in text: String) throws(RegularExpressionError) -> [Match] {
    try matches(in: Array(text.utf8))
  }

  /// The first match at or after `range.lowerBound`.
  public func firstMatch(
    in bytes: [UInt8], range: Range<Int>? = nil
  ) throws(RegularExpressionError) -> Match? {
    try matches(in: bytes, range: range, limit: 1).first
  }

  /// `text` with what has a meaning in patterns escaped.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if "\\^$.|?*+()[]{}#-".unicodeScalars.contains(scalar) { result.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  private func search(
    _ subject: Span<UInt8>, _ range: Range<Int>?, groups: Bool, _ body: (Match) -> Bool
  ) throws(RegularExpressionError) {
    let range = range ?? 0..<subject.count
    precondition(
      range.lowerBound >= 0 && range.upperBound <= subject.count,
      "range \(range) outside a subject of \(subject.count) bytes")
    let matcher = Matcher(code, bytes: subject.count)
    let failure = unsafe subject.withUnsafeBufferPointer { (buffer) -> Int32? in
      unsafe matcher.search(buffer, range, groups: groups, body)
    }
    if let failure { throw RegularExpressionError(pattern: pattern, code: failure) }
  }
}
