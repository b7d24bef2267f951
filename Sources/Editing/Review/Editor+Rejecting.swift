internal import Documents
internal import Infilling

// Rejecting a passage, and bringing it back.

extension Command {
  static let recalling: [Command] = [
    Command("recall", "Bring a rejected passage back") { editor in
      let id = editor.rejected.nearest(to: editor.selection, in: editor.document)
      if !editor.recall(id) {
        editor.show(.nothingToRecall)
      }
    }
  ]
}

extension Editor {
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
    rejected.leaveUndo()
    guard passage.candidates.contains(where: { $0.lastStep > 0 }) else {
      document.removeAnchor(passage.anchor)
      return show(.rejected(canUndo: false))
    }
    rejected.keep(passage, in: &document)
    show(.rejected(canUndo: rejected.recalledByUndo != nil))
  }

  /// Restores what was just rejected, once, for undo. False if there is nothing.
  mutating func recallRejected() -> Bool {
    defer { rejected.leaveUndo() }
    return recall(rejected.recalledByUndo)
  }

  fileprivate mutating func recall(_ id: Passage.ID?) -> Bool {
    guard let passage = rejected.take(id, besides: passages.map(\.span), in: document) else {
      return false
    }
    passages.append(passage)
    enter(passages.count - 1)
    show(.recalled)
    return true
  }
}
