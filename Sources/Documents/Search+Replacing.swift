extension Search {
  /// A match and what takes its place.
  public struct Substitution: Sendable, Equatable {
    public var range: Range<Int>
    public var replacement: [UInt8]

    public init(range: Range<Int>, replacement: [UInt8]) {
      self.range = range
      self.replacement = replacement
    }
  }

  /// The matches in `range`, at most `limit`, with what takes their places. O(range). `progress` is
  /// as in `matches`.
  public func substitutions(
    in text: Text, range: Range<Int>, by template: ReplacementTemplate, limit: Int = .max,
    progress: (Int) throws(SearchError) -> Void = { _ in }
  ) throws(SearchError) -> [Substitution] {
    var result: [Substitution] = []
    guard limit > 0 else { return result }
    try scan(text, range, capturing: template.hasGroups, progress) { hit in
      result.append(Substitution(range: hit.range, replacement: template.bytes(for: hit)))
      return result.count < limit
    }
    return result
  }
}
