import Documents
import Editing
import Storage

// The journal of unsaved edits, and the end of a document.

extension DocumentFiles {
  /// Latest time for the next call of `keepJournal`; nil if none is needed.
  var journalTime: ContinuousClock.Instant? { keeper.nextTime }

  /// Records changes, and syncs the journal within a second of a change. Returns an event when
  /// writing begins to fail and when it works again.
  func keepJournal(
    of changes: [Transaction], document: Document, now: ContinuousClock.Instant
  ) -> Event? {
    record(changes)
    let hasMark = textStart > 0
    switch keeper.advance(
      now: now, text: { Contents(journalled: document, hasMark: hasMark, from: held) })
    {
    case .failing(let error): return .keeping(failure: "\(error)")
    case .working: return .keeping(failure: nil)
    case nil: return nil
    }
  }

  func record(_ changes: [Transaction]) {
    for change in changes {
      keeper.record(journalled(change))
      saving?.later.append(change)
    }
  }

  func journalled(_ change: Transaction) -> [JournalEdit] {
    change.edits.map {
      JournalEdit(
        range: $0.range.lowerBound + textStart..<$0.range.upperBound + textStart,
        replacement: $0.replacement)
    }
  }

  /// The journal of unsaved edits; nil without one.
  var journal: String? { keeper.path }

  /// Ends the journal. Returns a line on where unsaved text is if the session was cut short.
  func close(_ document: Document, isAbandoned: Bool) -> String? {
    keepHistory(of: document)
    guard isAbandoned, document.isDirty else {
      discard()
      return nil
    }
    endWork()
    keeper.close()
    guard let path = keeper.path else {
      return keeper.keepsEdits ? nil : "palimpsest: unsaved edits could not be kept"
    }
    return "palimpsest: unsaved edits are kept in \(path); "
      + (document.path == nil
        ? "start palimpsest without a file to recover them" : "open the file again to recover them")
  }

  /// Ends and removes the journal: the text is saved or given up.
  func discard() {
    endWork()
    keeper.discard()
  }

  private func endWork() {
    cancelSave()
    reading?.cancel()
    for id in Array(offered.keys) { settle(id, .left) }
  }

  /// Waits until background writes have finished.
  func finish() async {
    await reading?.value
    await looking?.value
    await saving?.task.value
    await keeper.backgroundWork?.value
    await history.finish()
  }
}
