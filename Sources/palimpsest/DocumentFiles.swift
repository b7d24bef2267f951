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
  /// Bytes before the text in what a journal begins from, to add to offsets in the text.
  var textStart: Int
  /// The encoding that the user has chosen for the file; nil for that which it seems to have.
  let chosen: TextEncoding?
  /// A change on disk that was reported to the editor and is still pending; nil without one.
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
  let startOfHistory: (path: String, hash: UInt64?, encoding: String)?
  private(set) var reading: Task<Void, Never>?
  private var neighbours: [RecoveryFolder.Neighbour] = []

  private init(
    _ id: DocumentID, store: FileStore, recovery: RecoveryFolder, name: String,
    _ file: DecodedFile, hash: UInt64?, given: String? = nil, chosen: TextEncoding? = nil,
    history: HistoryPolicy?
  ) {
    self.id = id
    self.store = store
    self.recovery = recovery
    self.chosen = chosen
    textStart = file.base.count - file.text.count
    // The hash of the file is that of what a journal begins from where both are the same.
    keeper = JournalKeeper(
      recovery, document: name, base: file.base, hash: file.journalFormat.isEmpty ? hash : nil,
      format: file.journalFormat)
    held = file.base.held
    stored = file.stored
    self.given = given
    self.history = HistoryKeeper(id, history)
    startOfHistory = name.hasPrefix("/") ? (name, hash, file.format.encoding.rawValue) : nil
  }

  /// Files of at least this many bytes stay on disk, with only what edits need in memory.
  nonisolated static let heldSize = 8 << 20

  /// An opened document and what to show about it.
  struct Opened {
    let files: DocumentFiles
    let document: Document
    var message: Message?
    var style = DocumentStyle()
    /// Texts that earlier sessions left.
    var recoveries: [Recovery] = []
  }

  /// Reads the document of a location, in the encoding that was chosen, if one was, and finds unsaved
  /// text of earlier sessions.
  static func open(
    _ location: DocumentLocation, as id: DocumentID, encoding: TextEncoding? = nil,
    store: FileStore = FileStore(), recovery: RecoveryFolder = RecoveryFolder(),
    history: HistoryPolicy? = nil, styles: StyleFinder? = nil
  ) throws -> Opened {
    recovery.tidy()
    switch location.source {
    case .untitled, .standardInput:
      let bytes = location.source == .untitled ? [] : try Console.input()
      let file = try DecodedFile(Contents(bytes), as: encoding)
      var document = Document(file.text, file.format)
      if !bytes.isEmpty { document.markUnsaved() }
      let files = DocumentFiles(
        id, store: store, recovery: recovery, name: RecoveryFolder.unnamedDocument(), file,
        hash: nil, chosen: encoding, history: history)
      var opened = Opened(files: files, document: document)
      if bytes.isEmpty {
        opened.recoveries = files.recoveries(
          recovery.leftovers().filter(\.isUnnamed), of: document, onDisk: nil)
      } else {
        opened.message = files.wordOnUnnamed()
      }
      return opened
    case .file(let path):
      var loaded = try store.load(path, holdingFrom: heldSize)
      var file = try DecodedFile(loaded.contents, as: encoding)
      let (style, fault) = styles?.style(of: loaded.path) ?? (DocumentStyle(), nil)
      if loaded.isNew {
        file.format = encoding.map { FileFormat(forNew: $0) } ?? style.newFormat ?? .utf8
      }
      if let held = loaded.contents.held, file.stored == nil { loaded.identity?.hash = held.hash }
      let document = Document(
        file.text, file.format, path: path, isReadOnly: loaded.isReadOnly,
        newLines: style.newLineEnds ?? .lf)
      let files = DocumentFiles(
        id, store: store, recovery: recovery, name: loaded.path, file,
        hash: loaded.identity?.hash, given: path, chosen: encoding, history: history)
      files.expectation = (loaded.path, loaded.identity.map { .unchanged($0) } ?? .missing)
      let left = recovery.leftovers(of: loaded.path)
      store.clearInterruptedSaves(beside: loaded.path, keepsTexts: left.isEmpty)
      var opened = Opened(files: files, document: document)
      opened.recoveries = files.recoveries(
        left.isEmpty ? recovery.leftovers(of: loaded.path) : left, of: document,
        onDisk: file.base)
      opened.style = style
      let other = file.isOtherEncoding ? encoding.map(Message.notInEncoding) : nil
      opened.message =
        files.problem ?? other ?? fault
        ?? (loaded.isNew ? Message(.note, "New file") : files.wordOnUnnamed())
      return opened
    }
  }

  /// Files of an empty document that offers no unsaved text of earlier sessions.
  static func unnamed(
    _ id: DocumentID = .first, store: FileStore = FileStore(),
    recovery: RecoveryFolder = RecoveryFolder(), history: HistoryPolicy? = nil
  ) -> DocumentFiles {
    DocumentFiles(
      id, store: store, recovery: recovery, name: RecoveryFolder.unnamedDocument(), .empty,
      hash: nil, history: history)
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

  /// Copies text that is still read from the file. Call before the process is suspended. Returns a
  /// warning if the copy fails.
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

  /// A save in the background, and the changes made since it began.
  var saving: (task: Task<Void, Never>, later: [Transaction])?

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
      var document = outcome.request.document
      textStart = outcome.base.count - document.text.count
      keeper.saved(
        as: outcome.path, base: outcome.base, hash: outcome.baseHash,
        format: document.format.journalName, later: later.map(journalled))
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
}
