internal import Documents
internal import Infilling

// Rejecting a fill, and bringing it back: that is possible until its words are edited. An edit
// elsewhere only takes Ctrl-Z back to its usual meaning.

extension Command {
  static let recalling: [Command] = [
    Command("recall", "Bring a rejected passage back") { editor in
      if !editor.recall(editor.rejectedHere) {
        editor.show(.nothingToRecall)
      }
    }
  ]
}

extension Editor {
  /// Rejected fills that are kept.
  private static let mostRejected = 16

  /// Drops the fill; the document is as it was. Undo, before another edit, and the command to recall
  /// it bring the fill back.
  mutating func reject(_ index: Int) {
    var fill = remove(index)
    fill.isPlaying = false
    fill.view = .draft
    fill.writing = nil
    if document.revision == fill.revisionBefore {
      selection = fill.selectionBefore
      goalColumn = nil
    } else {
      setCursor(fill.span.lowerBound)
    }
    keepOutOfSpans(forward: false)
    undoRecalls = nil
    guard fill.branches.contains(where: { $0.lastStep > 0 }) else {
      document.removeAnchor(fill.anchor)
      return show(.rejected(canUndo: false))
    }
    if rejected.count == Self.mostRejected { document.removeAnchor(rejected.removeFirst().anchor) }
    rejected.append(fill)
    guard !fill.wasRecalled else { return show(.rejected(canUndo: false)) }
    undoRecalls = fill.id
    show(.rejected(canUndo: true))
  }

  /// Brings back what was rejected just now, once, for undo. False when there is nothing.
  mutating func recallRejected() -> Bool {
    defer { undoRecalls = nil }
    return recall(rejected.lastIndex { $0.id == undoRecalls })
  }

  /// The rejected fill at the cursor or in the selection, the latest one, else the latest of all.
  var rejectedHere: Int? {
    let here = rejected.lastIndex { fill in
      document.range(of: fill.anchor).map {
        $0.overlaps(selection.range)
          || $0.lowerBound <= selection.head && selection.head <= $0.upperBound
      } ?? false
    }
    return here ?? rejected.indices.last
  }

  fileprivate mutating func recall(_ index: Int?) -> Bool {
    guard let index, rejected.indices.contains(index),
      let span = document.range(of: rejected[index].anchor),
      !fills.contains(where: { $0.span.overlaps(span) })
    else { return false }
    var fill = rejected.remove(at: index)
    fill.span = span
    fill.wasRecalled = true
    fill.refresh()
    fills.append(fill)
    enter(fills.count - 1)
    show(.recalled)
    return true
  }

  /// Forgets the rejected fills whose words are not what they were.
  mutating func forgetChangedRejected() {
    undoRecalls = nil
    rejected.removeAll { fill in
      if let range = document.range(of: fill.anchor),
        document.text.bytes(in: range) == fill.original
      {
        return false
      }
      document.removeAnchor(fill.anchor)
      return true
    }
  }
}
