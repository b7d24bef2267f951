public import Documents

/// Replaces all matches in parts of a snapshot of the document.
public struct ReplaceRequest: Sendable, Equatable {
  /// Number of the request. Answers to any but the latest are ignored.
  public let id: Int
  let search: Search
  let document: Document
  /// Ascending.
  let ranges: [Range<Int>]
  let template: ReplacementTemplate
  /// Passages under review, in which nothing is replaced.
  let spans: [Range<Int>]
  /// Matches that were replaced one by one before, in the undo node that this joins.
  let before: Int

  public static func == (left: ReplaceRequest, right: ReplaceRequest) -> Bool {
    left.id == right.id
  }

  /// Works the new text out. `progress` is called now and then with the share that is done, and
  /// ends the work where it returns false. O(text).
  public func result(
    progress: (Double) -> Bool = { _ in true }
  ) -> Result<Replacement, SearchError> {
    func reach(_ share: Double) throws(SearchError) {
      if !progress(share) { throw SearchError(description: "Stopped replacing") }
    }
    return Result { () throws(SearchError) in
      let total = Double(max(1, ranges.reduce(0) { $0 + $1.count }))
      var all: [Search.Substitution] = []
      var done = 0
      for range in ranges {
        all += try search.substitutions(in: document.text, range: range, by: template) {
          offset throws(SearchError) in
          try reach(0.5 * Double(done + offset - range.lowerBound) / total)
        }
        done += range.count
      }
      let free =
        spans.isEmpty ? all : all.filter { match in !spans.contains { $0.touches(match.range) } }
      let transaction = Transaction(free.map { Edit(range: $0.range, replacement: $0.replacement) })
      try reach(0.6)
      let change = document.preparing(transaction)
      try reach(1)
      return Replacement(change: change, count: free.count, kept: all.count - free.count)
    }
  }
}

extension Range<Int> {
  /// Whether a match, which may be empty, is in it or overlaps it.
  func touches(_ match: Range<Int>) -> Bool {
    match.isEmpty
      ? lowerBound < match.lowerBound && match.lowerBound < upperBound : overlaps(match)
  }
}

/// The result of replacing.
public struct Replacement: Sendable, Equatable {
  let change: Document.PreparedChange
  /// Matches that are replaced, and those in passages under review, which are not.
  let count: Int
  let kept: Int
}
