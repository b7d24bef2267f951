internal import Documents

/// Passages that were rejected, the latest last. Each can be brought back until its words are edited.
struct RejectedPassages: Sendable {
  /// How many are kept.
  static let limit = 16

  private(set) var passages: [Passage] = []
  /// The one that undo brings back; nil once the document or another passage has changed.
  private(set) var recalledByUndo: Passage.ID?

  /// Keeps a passage; the earliest one goes if there are too many.
  mutating func keep(_ passage: Passage, in document: inout Document) {
    if passages.count == Self.limit { document.removeAnchor(passages.removeFirst().anchor) }
    passages.append(passage)
    recalledByUndo = passage.wasRecalled ? nil : passage.id
  }

  /// Undo brings back none of them any more.
  mutating func leaveUndo() { recalledByUndo = nil }

  /// The latest one at the cursor or in the selection, else the latest of all.
  func nearest(to selection: Selection, in document: Document) -> Passage.ID? {
    let here = passages.last { passage in
      document.range(of: passage.anchor).map {
        $0.overlaps(selection.range)
          || $0.lowerBound <= selection.head && selection.head <= $0.upperBound
      } ?? false
    }
    return (here ?? passages.last)?.id
  }

  /// Takes one out, at its place in the document; nil where it is unknown, or where another passage
  /// is now.
  mutating func take(
    _ id: Passage.ID?, besides spans: [Range<Int>], in document: Document
  ) -> Passage? {
    guard let index = passages.lastIndex(where: { $0.id == id }),
      let span = document.range(of: passages[index].anchor),
      !spans.contains(where: { $0.overlaps(span) })
    else { return nil }
    var passage = passages.remove(at: index)
    passage.span = span
    passage.wasRecalled = true
    passage.refresh()
    return passage
  }

  /// Forgets those whose words are not what they were.
  mutating func forgetChanged(in document: inout Document) {
    recalledByUndo = nil
    passages.removeAll { passage in
      if let range = document.range(of: passage.anchor),
        document.text.bytes(in: range) == passage.original
      {
        return false
      }
      document.removeAnchor(passage.anchor)
      return true
    }
  }
}
