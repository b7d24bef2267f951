public import Documents

/// A search for one match in a snapshot of the text.
public struct FindRequest: Sendable, Equatable {
  /// Number of the request. Answers to any but the latest are ignored.
  public let id: Int
  let search: Search
  let text: Text
  /// `Document.revision` that the text is.
  let revision: Int
  let start: Int
  let forward: Bool
  /// The match is to be offered for replacing.
  let isForReplacing: Bool
  /// Matches in passages under review that were passed over on the way.
  var passedOver = 0

  public static func == (left: FindRequest, right: FindRequest) -> Bool { left.id == right.id }

  /// What was found.
  public struct Answer: Sendable, Equatable {
    /// nil where there is no match.
    public var match: Search.Found?
    /// Matches in the text, and which of them, from 1, this is. nil when there are more than
    /// `Finding.mostCounted`, and when the text is large.
    public var count: Int?
    public var index: Int?
  }

  /// Looks for it. `progress` is called now and then with the share of the text that is done, and
  /// ends the search where it returns false. O(text).
  public func result(
    progress: (Double) -> Bool = { _ in true }
  ) -> Result<Answer, SearchError> {
    let total = max(1, text.count)
    func reach(_ share: Double) throws(SearchError) {
      if !progress(share) { throw SearchError(description: "Stopped looking") }
    }
    func step(_ offset: Int) throws(SearchError) {
      let done = forward ? offset - start : start - offset
      try reach(Double(done >= 0 ? done : done + total) / Double(total))
    }
    func counted(_ offset: Int) throws(SearchError) { try reach(1) }
    return Result { () throws(SearchError) in
      let match =
        forward
        ? try search.next(in: text, from: start, progress: step)
        : try search.previous(in: text, before: start, progress: step)
      guard let match else { return Answer(match: nil, count: 0) }
      guard text.count <= Finding.largestCounted else { return Answer(match: match) }
      let matches = try search.matches(
        in: text, limit: Finding.mostCounted + 1, progress: counted)
      guard matches.count <= Finding.mostCounted else { return Answer(match: match) }
      return Answer(
        match: match, count: matches.count,
        index: matches.firstIndex(of: match.range).map { $0 + 1 })
    }
  }
}
