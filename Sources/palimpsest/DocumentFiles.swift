internal import Commands
import Documents
import Editing
internal import Platform
import Storage

/// The files of one document: its own, and the journal of its unsaved edits.
@MainActor
final class DocumentFiles {
  let id: DocumentID
  let store: FileStore
  let recovery: RecoveryFolder
  let keeper: JournalKeeper
  /// The state of the file that saving expects, by absolute path.
  var expectation: (path: String, state: Expectation)?
  /// Bytes of the file before the text, to add to offsets in the text.
  var textStart: Int
  /// What is on disk that the editor knows of and has not dealt with.
  var unsettled: Unsettled?
  var looking: Task<Void, Never>?
  /// The path a conflict was reported for: saving there again writes over it.
  private var conflict: String?
  /// Why unsaved text of an earlier session cannot be offered.
  var problem: Message?
  /// Leftovers that are offered to the editor, by the name of the offer.
  var offered: [String: [(leftover: Leftover, claim: LockedFile)]] = [:]
  /// The file that parts of the text are still read from.
  let held: HeldFile?
  let stored: StoredText?
  let history: HistoryKeeper
  /// The name of the file as it was given.
  let given: String?
  /// The file as the document began with it; nil where there was none.
  let startOfHistory: (path: String, hash: UInt64?)?
  private(set) var reading: Task<Void, Never>?
  private var neighbours: [RecoveryFolder.Neighbour] = []

  private init(
    _ id: DocumentID, store: FileStore, recovery: RecoveryFolder, name: String, base: Contents,
    hash: UInt64?, text: Text, stored: StoredText? = nil, given: String? = nil,
    history: HistoryPolicy?
  ) {
    self.id = id
    self.store = store
    self.recovery = recovery
    textStart = base.count - text.count
    keeper = JournalKeeper(recovery, document: name, base: base, hash: hash)
    held = base.held
    self.stored = stored
    self.given = given
    self.history = HistoryKeeper(id, history)
    startOfHistory = name.hasPrefix("/") ? (name, hash) : nil
  }

  /// Files of at least this many bytes stay on disk, with only what edits need in memory.
  nonisolated static let heldSize = 8 << 20

  /// An opened document and what to show about it.
  struct Opened {
    let files: DocumentFiles
    let document: Document
    var message: Message?
    /// Texts that earlier sessions left.
    var recoveries: [Recovery] = []
  }

  /// Reads the document of a location, and finds unsaved text of earlier sessions.
  static func open(
    _ location: DocumentLocation, as id: DocumentID, store: FileStore = FileStore(),
    recovery: RecoveryFolder = RecoveryFolder(), history: HistoryPolicy? = nil
  ) throws -> Opened {
    recovery.tidy()
    switch location.source {
    case .untitled, .standardInput:
      let bytes = location.source == .untitled ? [] : try Console.input()
      var document = Document(contents: bytes)
      if !bytes.isEmpty { document.markUnsaved() }
      let files = DocumentFiles(
        id, store: store, recovery: recovery, name: RecoveryFolder.unnamedDocument(),
        base: Contents(bytes), hash: nil, text: document.text, history: history)
      var opened = Opened(files: files, document: document)
      if bytes.isEmpty {
        opened.recoveries = files.recoveries(
          recovery.leftovers().filter(\.isUnnamed), of: document, onDisk: nil)
      } else {
        opened.message = files.wordOnUnnamed()
      }
      return opened
    case .file(let path):
      let loaded = try store.load(path, holdingFrom: heldSize)
      let stored = loaded.contents.held.map { StoredText($0) }
      let text = try stored.map { Text($0) } ?? Text(loaded.contents)
      let document = Document(contents: text, path: path, isReadOnly: loaded.isReadOnly)
      let files = DocumentFiles(
        id, store: store, recovery: recovery, name: loaded.path, base: loaded.contents,
        hash: loaded.identity?.hash, text: document.text, stored: stored, given: path,
        history: history)
      files.expectation = (loaded.path, loaded.identity.map { .unchanged($0) } ?? .missing)
      let left = recovery.leftovers(of: loaded.path)
      store.clearInterruptedSaves(beside: loaded.path, keepsTexts: left.isEmpty)
      var opened = Opened(files: files, document: document)
      opened.recoveries = files.recoveries(
        left.isEmpty ? recovery.leftovers(of: loaded.path) : left, of: document,
        onDisk: loaded.contents)
      opened.message =
        files.problem ?? (loaded.isNew ? Message(.note, "New file") : files.wordOnUnnamed())
      return opened
    }
  }

  /// Files of an empty document that offers no unsaved text of earlier sessions.
  static func unnamed(
    _ id: DocumentID = .first, store: FileStore = FileStore(),
    recovery: RecoveryFolder = RecoveryFolder(), history: HistoryPolicy? = nil
  ) -> DocumentFiles {
    DocumentFiles(
      id, store: store, recovery: recovery, name: RecoveryFolder.unnamedDocument(),
      base: Contents([]), hash: nil, text: Text(), history: history)
  }

  // MARK: Other processes

  /// Other processes that have the document open, if they changed since the last call.
  func takeNeighbours() -> [Neighbour]? {
    let present = keeper.neighbours()
    guard present != neighbours else { return nil }
    neighbours = present
    return present.map { Neighbour(process: $0.process, hasUnsavedEdits: $0.hasUnsavedEdits) }
  }

  // MARK: Files that stay on disk

  /// Reads a held file once, on its own thread: counts its lines and computes the hash that a
  /// journal needs.
  func readThrough(deliver: @escaping @Sendable (Delivery) -> Void) {
    guard let held, let stored else { return }
    reading = Task.detached(executorPreference: BackgroundThreads.shared, priority: .utility) {
      [id] in
      var hasher = ContentHasher(count: held.count)
      let isWhole = stored.countLines {
        hasher.add($0)
        return !Task.isCancelled
      }
      guard isWhole else { return }
      if held.failure == nil { held.keep(hash: hasher.hash) }
      deliver(.document(id, .linesCounted))
    }
  }

  /// Call before the process is stopped. Returns a message if that is not safe.
  func prepareToStop() -> String? {
    do throws(SystemError) {
      try held?.secure()
      return nil
    } catch {
      return
        "palimpsest: the file could not be copied; do not change it while the editor is suspended: "
        + "\(error)"
    }
  }

  // MARK: Saving

  /// Whether the document is the file at a path as `FileStore.resolve` gives it.
  func isFile(at path: String) -> Bool {
    guard let expectation else { return false }
    guard expectation.path != path, case .unchanged(let identity) = expectation.state else {
      return expectation.path == path
    }
    return store.leads(path, to: identity)
  }

  var isSaving: Bool { saving != nil }

  /// A save in the background, and the edits made since it began.
  private var saving: (task: Task<Void, Never>, later: [[JournalEdit]])?

  /// Begins to write a document in the background; `deliver` gets the progress and at the end the
  /// outcome, for `finish`. If another program changed the file, a second save overwrites it.
  /// `changes` are those not yet in the journal. Returns an event if the save fails at once.
  func save(
    _ request: SaveRequest, after changes: [Transaction],
    deliver: @escaping @Sendable (Delivery) -> Void
  ) -> Event? {
    record(changes)
    // Saving writes over what earlier sessions kept.
    loadHistory(deliver: deliver)
    do {
      let path = try store.resolve(request.path)
      var state: Expectation = .missing
      if let expectation, expectation.path == path { state = expectation.state }
      if case .unchanged(var identity) = state, identity.hash == nil {
        identity.hash = held?.hash
        state = .unchanged(identity)
      }
      if conflict == path { state = .anything }
      let task = Task.detached(executorPreference: BackgroundThreads.shared) {
        [id, store, state, held] in
        let outcome = SaveOutcome(request, from: held, to: path, in: store, expecting: state) {
          deliver(.document(id, .saving(progress: $0)))
        }
        deliver(.saved(id, outcome))
      }
      saving = (task, [])
      return nil
    } catch {
      return .saved(request, failure: "\(error)")
    }
  }

  /// Whether it is the document's file, and small enough to be compared.
  private func isOwn(_ path: String) -> Bool { expectation?.path == path && held == nil }

  /// Stops the save in the background, unless it is already replacing the file.
  func cancelSave() { saving?.task.cancel() }

  /// Applies the outcome of a save.
  func finish(_ outcome: SaveOutcome, after changes: [Transaction]) -> Event {
    record(changes)
    let later = saving?.later ?? []
    saving = nil
    switch outcome.result {
    case .success(let saved):
      conflict = nil
      unsettled = nil
      expectation = (outcome.path, .unchanged(saved.identity))
      keeper.saved(
        as: outcome.path, base: outcome.contents, hash: saved.identity.hash, later: later)
      var document = outcome.request.document
      document.markSaved(document.revision)
      keepHistory(of: document)
      return .saved(outcome.request, failure: nil, caution: saved.caution?.description)
    case .failure(let error) where error.isConflict && isOwn(outcome.path):
      // The look at it that follows brings the text.
      return .saved(outcome.request, failure: "\(error). Save again to compare")
    case .failure(let error) where error.isConflict:
      conflict = outcome.path
      return .saved(
        outcome.request, failure: "\(error.summary). Save again to overwrite it: \(error.path)")
    case .failure(let error): return .saved(outcome.request, failure: "\(error)")
    }
  }

  // MARK: Journal

  /// When `keepJournal` must be called at the latest.
  var journalTime: ContinuousClock.Instant? { keeper.nextTime }

  /// Records changes, and syncs the journal within a second of a change. Returns an event when
  /// writing begins to fail and when it works again.
  func keepJournal(
    of changes: [Transaction], document: Document, now: ContinuousClock.Instant
  ) -> Event? {
    record(changes)
    switch keeper.advance(now: now, text: { Contents(document, from: held) }) {
    case .failing(let error): return .keeping(failure: "\(error)")
    case .working: return .keeping(failure: nil)
    case nil: return nil
    }
  }

  func record(_ changes: [Transaction]) {
    for change in changes {
      let edits = change.edits.map {
        JournalEdit(
          range: $0.range.lowerBound + textStart..<$0.range.upperBound + textStart,
          replacement: $0.replacement)
      }
      keeper.record(edits)
      saving?.later.append(edits)
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

  /// Waits for writing in the background.
  func finish() async {
    await reading?.value
    await looking?.value
    await saving?.task.value
    await keeper.backgroundWork?.value
    await history.finish()
  }
}
