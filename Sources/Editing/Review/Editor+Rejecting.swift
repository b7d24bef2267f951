internal import Documents
internal import Infilling

// Rejecting a passage, and bringing it back: that is possible until its words are edited. An edit
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
  /// Rejected passages that are kept.
  private static let mostRejected = 16

  /// Drops the passage; the document is as it was. Undo, before another edit, and the command to
  /// recall it bring the passage back.
  mutating func reject(_ index: Int) {
    var passage = remove(index)
    passage.isPlaying = false
    passage.view = .draft
    passage.writing = nil
    if document.revision == passage.revisionBefore {
      selection = passage.selectionBefore
      goalColumn = nil
    } else {
      setCursor(passage.span.lowerBound)
    }
    keepOutOfSpans(forward: false)
    undoRecalls = nil
    guard passage.candidates.contains(where: { $0.lastStep > 0 }) else {
      document.removeAnchor(passage.anchor)
      return show(.rejected(canUndo: false))
    }
    if rejected.count == Self.mostRejected { document.removeAnchor(rejected.removeFirst().anchor) }
    rejected.append(passage)
    guard !passage.wasRecalled else { return show(.rejected(canUndo: false)) }
    undoRecalls = passage.id
    show(.rejected(canUndo: true))
  }

  /// Restores what was just rejected, once, for undo. False if there is nothing.
  mutating func recallRejected() -> Bool {
    defer { undoRecalls = nil }
    return recall(rejected.lastIndex { $0.id == undoRecalls })
  }

  /// The rejected passage at the cursor or in the selection, the latest one, else the latest of
  /// all.
  var rejectedHere: Int? {
    let here = rejected.lastIndex { passage in
      document.range(of: passage.anchor).map {
        $0.overlaps(selection.range)
          || $0.lowerBound <= selection.head && selection.head <= $0.upperBound
      } ?? false
    }
    return here ?? rejected.indices.last
  }

  fileprivate mutating func recall(_ index: Int?) -> Bool {
    guard let index, rejected.indices.contains(index),
      let span = document.range(of: rejected[index].anchor),
      !passages.contains(where: { $0.span.overlaps(span) })
    else { return false }
    var passage = rejected.remove(at: index)
    passage.span = span
    passage.wasRecalled = true
    passage.refresh()
    passages.append(passage)
    enter(passages.count - 1)
    show(.recalled)
    return true
  }

  /// Forgets the rejected passages whose words are not what they were.
  mutating func forgetChangedRejected() {
    undoRecalls = nil
    rejected.removeAll { passage in
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
