import Documents
import Editing
import Storage
import Terminals

/// The files behind the open document: the one it came from and the journal of its unsaved edits.
@MainActor
final class DocumentFiles {
  private let store: FileStore
  private let recovery: RecoveryFolder
  /// As the journal knows the document: an absolute path, or a made-up name.
  private var name: String
  /// What saving expects to find, by absolute path.
  private var expectation: (path: String, state: Expectation)?
  /// The file's bytes on disk.
  private var base: [UInt8]
  /// The document's bytes when the first edit that no journal holds yet was made.
  private var start: [UInt8]
  /// Bytes before the text: what offsets in the text lack as offsets in the file.
  private var textStart = 0
  private var journal: Journal?
  private var mayWriteJournal = true
  /// The path a conflict was reported for: saving there again writes over it.
  private var conflict: String?
  /// When the journal is due on the disk; nil while nothing waits.
  private(set) var journalTime: ContinuousClock.Instant?

  private init(
    store: FileStore, recovery: RecoveryFolder, name: String,
    expectation: (path: String, state: Expectation)?, base: [UInt8]
  ) {
    self.store = store
    self.recovery = recovery
    self.name = name
    self.expectation = expectation
    self.base = base
    start = base
  }

  /// Reads what a location names. Unsaved edits of an earlier session come back as one change that
  /// can be undone; the message says so.
  static func open(
    _ location: DocumentLocation
  ) throws -> (files: DocumentFiles, document: Document, message: Message?) {
    let (store, recovery) = (FileStore(), RecoveryFolder())
    func unnamed(_ bytes: [UInt8], _ document: Document) -> DocumentFiles {
      let files = DocumentFiles(
        store: store, recovery: recovery, name: RecoveryFolder.unnamedDocument(), expectation: nil,
        base: [])
      files.start = bytes
      files.textStart = bytes.count - document.text.count
      return files
    }
    switch location.source {
    case .untitled: return (unnamed([], Document()), Document(), nil)
    case .standardInput:
      let bytes = try Console.input()
      var document = Document(contents: bytes)
      document.markUnsaved()
      return (unnamed(bytes, document), document, nil)
    case .file(let path):
      let loaded = try store.load(path)
      let files = DocumentFiles(
        store: store, recovery: recovery, name: loaded.path,
        expectation: (loaded.path, loaded.identity.map { .unchanged($0) } ?? .missing),
        base: loaded.bytes)
      var document = Document(
        contents: loaded.bytes, path: path, isReadOnly: loaded.isReadOnly)
      files.textStart = loaded.bytes.count - document.text.count
      let message = files.recover(into: &document)
      return (files, document, message ?? (loaded.isNew ? Message(.note, "New file") : nil))
    }
  }

  private func recover(into document: inout Document) -> Message? {
    switch recovery.state(of: name) {
    case .none: return nil
    case .inUse(let process):
      mayWriteJournal = false
      return Message(.warning, "Process \(process) is editing this file too: take care")
    case .recoverable(let left):
      do {
        let found = try left.contents(onDisk: base)
        guard found != base else {
          recovery.discard(name)
          return nil
        }
        let text = Document(contents: found).text.contents()
        document.apply(
          Transaction(replacing: 0..<document.text.count, with: text), label: "recovery",
          selectionBefore: Selection(0), selectionAfter: Selection(0))
        start = document.contents()
        let what =
          left.editCount > 0 ? "\(left.editCount) unsaved edits" : "the text of an interrupted save"
        return Message(.warning, "Recovered \(what). Ctrl-S keeps them, Ctrl-Z leaves them out")
      } catch {
        return Message(.failure, "Unsaved edits were left but do not fit: \(error)")
      }
    }
  }

  // MARK: Saving

  /// Writes a document. Nil when it is on disk, else one line that says why not; where the file
  /// was changed by another hand, saving once more writes over it.
  func save(_ request: SaveRequest) -> String? {
    do {
      let path = try store.resolve(request.path)
      var state: Expectation = .missing
      if let expectation, expectation.path == path { state = expectation.state }
      if conflict == path { state = .anything }
      let identity = try store.save(request.contents, to: path, expecting: state)
      journal?.discard()
      journal = nil
      journalTime = nil
      recovery.discard(name)
      conflict = nil
      name = path
      expectation = (path, .unchanged(identity))
      base = request.contents
      start = base
      return nil
    } catch  where error.isConflict {
      conflict = try? store.resolve(request.path)
      return "\(error). Save again to write over it"
    } catch {
      return "\(error)"
    }
  }

  // MARK: Journal

  /// Takes over what was changed; puts the journal on the disk within a second of a change.
  func keepJournal(of changes: [Transaction], now: ContinuousClock.Instant) {
    if !changes.isEmpty, mayWriteJournal { record(changes, now: now) }
    if let due = journalTime, due <= now {
      journalTime = nil
      try? journal?.synchronize()
    }
  }

  private func record(_ changes: [Transaction], now: ContinuousClock.Instant) {
    do {
      if journal == nil {
        journal = try recovery.begin(name, base: base, current: start)
        if let path = journal?.path {
          Terminal.setFaultMessage(
            "palimpsest: unsaved edits are kept; open the document again to recover them (\(path))")
        }
      }
      for change in changes {
        try journal?.append(
          change.edits.map {
            JournalEdit(
              range: $0.range.lowerBound + textStart..<$0.range.upperBound + textStart,
              replacement: $0.replacement)
          })
      }
      journalTime = journalTime ?? now + .milliseconds(500)
    } catch {
      // Without a journal the editor still works; a full disk will be reported by saving.
      mayWriteJournal = false
      journal?.close()
      journal = nil
    }
  }

  /// Ends the journal. A line about where unsaved text is, when the session was cut short.
  func close(_ document: Document, isAbandoned: Bool) -> String? {
    defer { journal = nil }
    guard isAbandoned, document.isDirty, let journal else {
      journal?.discard()
      return nil
    }
    journal.close()
    return "palimpsest: unsaved edits are kept in \(journal.path); "
      + (document.path == nil
        ? "they have no file yet" : "opening the file again recovers them")
  }
}
