public import Documents

/// All matches in a part of a document, as it was, to be replaced.
public struct ReplaceRequest: Sendable, Equatable {
  /// Names the request; the latest is the one that counts.
  public let id: Int
  let search: Search
  let document: Document
  let range: Range<Int>
  let replacement: [UInt8]
  /// Passages under review, in which nothing is replaced.
  let spans: [Range<Int>]

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
      let total = Double(max(1, range.count))
      let matches = try search.matches(in: document.text, range: range) {
        offset throws(SearchError) in
        try reach(0.5 * Double(offset - range.lowerBound) / total)
      }
      let free =
        spans.isEmpty ? matches : matches.filter { match in !spans.contains { $0.overlaps(match) } }
      let transaction = Transaction(free.map { Edit(range: $0, replacement: replacement) })
      try reach(0.6)
      let change = document.preparing(transaction)
      try reach(1)
      return Replacement(
        change: change, count: free.count, kept: matches.count - free.count)
    }
  }
}

/// What came of replacing.
public struct Replacement: Sendable, Equatable {
  let change: Document.PreparedChange
  /// Matches that are replaced, and those in passages under review, which are not.
  let count: Int
  let kept: Int
}
