internal import Documents
internal import Strings

// Other programs write to the file: what nobody has edited follows them, the rest is for the user to
// choose.

extension Command {
  static let disk: [Command] = [
    Command("compare-disk", "Compare with the file on disk", in: [.text, .review]) {
      $0.compareWithDisk()
    },
    Command("disk-theirs", "Take the text of the file", in: [.disk]) { $0.takeTextOnDisk() },
    Command("disk-ours", "Keep this text", in: [.disk]) { $0.keepText() },
    Command("disk-both", "Keep the changes of both", in: [.disk]) { $0.mergeTextOnDisk() },
    Command("disk-later", "Decide later", in: [.disk]) { $0.conflict = nil },
    Command("disk-up", "Up", in: [.disk]) { $0.scrollConflict(by: -1) },
    Command("disk-down", "Down", in: [.disk]) { $0.scrollConflict(by: 1) },
    Command("disk-page-up", "Page up", in: [.disk]) {
      $0.scrollConflict(by: 1 - $0.viewport.textRows)
    },
    Command("disk-page-down", "Page down", in: [.disk]) {
      $0.scrollConflict(by: $0.viewport.textRows - 1)
    },
  ]
}

extension Editor {
  /// Takes up what another program did to the file.
  mutating func receive(_ news: DiskState) {
    disk = news
    switch news {
    case .same: break
    case .changed(let text):
      followDisk()
      guard disk != .same else { return }
      if conflict != nil { compare(with: text, interrupting: conflict?.save) }
      add(document.isDirty ? .changedOnDisk : .changedUnderReview)
    case .changedLarge: add(.changedOnDiskLarge)
    case .removed:
      // Nothing else has the text any more.
      document.markUnsaved()
      add(.removedFromDisk)
    }
  }

  /// Takes over the text on disk where nobody has edited the document, as one undo node, with cursor
  /// and window where they are; not while something under review would change.
  mutating func followDisk() {
    guard case .changed(let text) = disk else { return }
    guard text != document.text else {
      document.markSaved(document.revision)
      return settleDisk(.taken, having: text)
    }
    guard !document.isDirty, replacing == nil, race == nil, recovering == nil, conflict == nil
    else { return }
    let edits = edits(to: text)
    guard !edits.contains(where: { edit in passages.contains { $0.locks(edit.range) } }) else {
      return
    }
    take(text, by: edits)
    add(.reloaded)
  }

  private func edits(to text: Text) -> [Edit] {
    LineDiff(from: document.text, to: text).edits(from: document.text, to: text).map {
      $0.trimmed(in: document.text)
    }
  }

  /// Makes a text on disk the document's.
  private mutating func take(_ text: Text, by edits: [Edit]) {
    apply(edits, label: "reload")
    document.markSaved(document.revision)
    settleDisk(.taken, having: text)
  }

  private mutating func apply(_ edits: [Edit], label: String) {
    let transaction = Transaction(edits)
    document.closeUndoGroup()
    let after = selection.mapped(through: transaction)
    document.apply(
      transaction, label: label, selectionBefore: selection, selectionAfter: after)
    viewport.top = transaction.map(viewport.top, bias: .left)
    selection = after
    followDocument()
    document.closeUndoGroup()
    normalizeSelection()
  }

  private mutating func settleDisk(_ settlement: DiskState.Settlement, having text: Text) {
    disk = .same
    diskText = text
    emit(.settleDisk(settlement))
  }

  // MARK: Choosing

  fileprivate mutating func compareWithDisk() {
    switch disk {
    case .changed(let text): compare(with: text, interrupting: nil)
    case .same: show(.sameOnDisk)
    case .changedLarge: show(.changedOnDiskLarge)
    case .removed: show(.removedFromDisk)
    }
  }

  mutating func compare(with text: Text, interrupting save: DiskConflict.InterruptedSave?) {
    conflict = DiskConflict(
      text: text, diff: RecoveryDiff(from: document.text, to: text), save: save)
  }

  fileprivate mutating func takeTextOnDisk() {
    guard let present = conflict else { return }
    conflict = nil
    let edits = edits(to: present.text)
    guard allows(edits) else { return }
    take(present.text, by: edits)
    show(.tookTextOnDisk)
  }

  fileprivate mutating func keepText() {
    guard let present = conflict else { return }
    conflict = nil
    settleDisk(.kept, having: present.text)
    // What was saved last is gone from the disk.
    document.markUnsaved()
    guard let save = present.save else { return show(.keptText) }
    self.save(then: save.departure)
  }

  fileprivate mutating func mergeTextOnDisk() {
    guard let present = conflict else { return }
    conflict = nil
    let merge = LineMerge(
      base: diskText, ours: document.text, theirs: present.text)
    guard allows(merge.edits) else { return }
    apply(merge.edits, label: "merge")
    settleDisk(.kept, having: present.text)
    if document.text == present.text {
      document.markSaved(document.revision)
    } else {
      document.markUnsaved()
    }
    show(.merged(conflicts: merge.conflicts))
  }

  /// False, with a message, while a passage is in the way of edits.
  private mutating func allows(_ edits: [Edit]) -> Bool {
    guard replacing == nil else {
      show(.replacing)
      return false
    }
    guard edits.contains(where: { edit in passages.contains { $0.locks(edit.range) } }) else {
      return true
    }
    show(.wouldChangePassage)
    return false
  }

  mutating func scrollConflict(by rows: Int) {
    guard let present = conflict else { return }
    conflict?.row = max(0, min(present.row + rows, present.diff.rows - 1))
  }
}

extension Edit {
  /// The edit without the bytes at its ends that it leaves as they are.
  fileprivate func trimmed(in text: Text) -> Edit {
    let old = text.bytes(in: range)
    let head = zip(old, replacement).prefix { $0 == $1 }.count
    let most = min(old.count, replacement.count) - head
    let tail = zip(old.reversed(), replacement.reversed()).prefix(most).prefix { $0 == $1 }.count
    return Edit(
      range: range.lowerBound + head..<range.upperBound - tail,
      replacement: Array(replacement[head..<replacement.count - tail]))
  }
}
