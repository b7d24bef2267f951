public import Documents

/// A match to be looked for in a text as it was.
public struct FindRequest: Sendable, Equatable {
  /// Names the request; the latest is the one that counts.
  public let id: Int
  let search: Search
  let text: Text
  /// `Document.revision` that the text is.
  let revision: Int
  let start: Int
  let forward: Bool
  /// Matches in passages under review that were passed over on the way.
  var passedOver = 0

  public static func == (left: FindRequest, right: FindRequest) -> Bool { left.id == right.id }

  /// Looks for it. `progress` is called now and then with the share of the text that is done, and
  /// ends the search where it returns false. O(text).
  public func result(
    progress: (Double) -> Bool = { _ in true }
  ) -> Result<Search.Found?, SearchError> {
    let total = max(1, text.count)
    func step(_ offset: Int) throws(SearchError) {
      let done = forward ? offset - start : start - offset
      let share = Double(done >= 0 ? done : done + total) / Double(total)
      if !progress(share) { throw SearchError(description: "Stopped looking") }
    }
    return Result { () throws(SearchError) in
      forward
        ? try search.next(in: text, from: start, progress: step)
        : try search.previous(in: text, before: start, progress: step)
    }
  }
}
