/// Keeps the unsaved edits of one document on disk, and the mark that the document is open here.
///
/// A journal begins with the first edit. Records that cannot be written wait and are retried, so
/// that none is missing once the disk has room. Confined to one thread.
public final class JournalKeeper {
  /// A change in whether edits are kept.
  public enum News: Sendable, Equatable {
    /// Edits are not on disk since now.
    case failing(StorageError)
    /// They are again.
    case working
  }

  /// Pause between a failure and the next attempt.
  static let retryDelay = Duration.seconds(1)
  /// How long an appended edit may be lost to a power cut.
  static let synchronizeDelay = Duration.milliseconds(500)

  private let recovery: RecoveryFolder
  private var session = EntryName.newSession()
  private var document: String
  /// The text that the journal, or the next one, begins from.
  private var base: Contents
  /// How the file has it, where its bytes are another encoding of it.
  private var format: String
  /// Its hash. A journal cannot begin before a large file has been read completely.
  private var baseHash: UInt64?
  /// Edits after it that no journal has, each group at once.
  private var waiting: [[JournalEdit]] = []
  private var journal: Journal?
  /// A journal that is not reliable; kept until the next one has its edits.
  private var unsound: Journal?
  private var copy: BaseCopy?
  private var mark: LockedFile?
  private var failure: StorageError?
  /// Leftovers of earlier sessions whose text is in the document; removed once it is safe here.
  private var adopted: [(leftover: Leftover, claim: LockedFile)] = []
  private var synchronizeTime: ContinuousClock.Instant?
  private var retryTime: ContinuousClock.Instant?

  /// `base` is the document's text before any edit, and `hash` its hash. For a held file without a
  /// hash, edits wait until it is computed. `format` is how the file has the text, where its bytes are
  /// another encoding of it.
  public init(
    _ recovery: RecoveryFolder, document: String, base: Contents, hash: UInt64? = nil,
    format: String = ""
  ) {
    self.recovery = recovery
    self.document = document
    self.base = base
    self.format = format
    baseHash = hash ?? (base.held == nil ? try? base.hash() : nil)
    announce()
  }

  /// Path of the journal; nil without one.
  public var path: String? { journal?.path }

  /// Whether edits are on disk, except for the latest.
  public var keepsEdits: Bool { failure == nil }

  /// When `advance` must be called at the latest; nil while nothing waits.
  public var nextTime: ContinuousClock.Instant? {
    [synchronizeTime, retryTime].compactMap(\.self).min()
  }

  /// Other processes that have the document open.
  public func neighbours() -> [RecoveryFolder.Neighbour] {
    recovery.neighbours(of: document, besides: session)
  }

  // MARK: Edits

  /// Records edits of one change. They are on disk after the next `advance`.
  public func record(_ edits: [JournalEdit]) {
    if !edits.isEmpty { waiting.append(edits) }
  }

  /// Takes charge of a leftover whose text has become the document's by recorded edits.
  public func adopt(_ leftover: Leftover, _ claim: LockedFile) {
    adopted.append((leftover, claim))
  }

  /// Writes pending records, and syncs them when due. `text` returns the document's current text;
  /// called when a journal must begin from it.
  public func advance(now: ContinuousClock.Instant, text: () -> Contents) -> News? {
    do throws(StorageError) {
      baseHash = baseHash ?? base.held?.hash
      guard baseHash != nil else {
        guard hasMore, let error = base.held?.failure else { return nil }
        throw StorageError(document, "read", error)
      }
      if hasMore, (retryTime ?? now) <= now {
        try write(now)
        retryTime = nil
      }
      if let due = synchronizeTime ?? retryTime, due <= now {
        try synchronize()
        synchronizeTime = nil
        retryTime = nil
      }
      guard failure != nil, !hasMore else { return nil }
      guard copy == nil || copy?.state == .done else {
        retryTime = now + JournalKeeper.retryDelay
        return nil
      }
      failure = nil
      return .working
    } catch {
      retryTime = now + JournalKeeper.retryDelay
      synchronizeTime = nil
      let isNews = failure == nil
      failure = error
      if !hasMore, copy?.state != .running { begin(from: text()) }
      return isNews ? .failing(error) : nil
    }
  }

  private var hasMore: Bool { !waiting.isEmpty || unsound != nil && journal == nil }

  private func write(_ now: ContinuousClock.Instant) throws(StorageError) {
    if mark == nil { announce() }
    let journal = try present()
    var written = 0
    defer { waiting.removeFirst(written) }
    for edits in waiting {
      try journal.append(edits)
      written += 1
    }
    // Until then the text of an adopted leftover is on disk twice.
    synchronizeTime =
      adopted.isEmpty ? synchronizeTime ?? now + JournalKeeper.synchronizeDelay : now
  }

  private func present() throws(StorageError) -> Journal {
    if let journal { return journal }
    let begun = try recovery.begin(
      document, session: session, base: base, hash: baseHash, format: format)
    journal = begun
    if base.count > RecoveryFolder.snapshotLimit { copyBase() }
    return begun
  }

  private func copyBase() {
    copy = BaseCopy(
      base, to: recovery.file(document, session, .base), after: copy, files: recovery.files)
  }

  private func synchronize() throws(StorageError) {
    try journal?.synchronize()
    if case .failed(let failure)? = copy?.state {
      copyBase()
      throw StorageError(
        recovery.file(document, session, .base), "copy the text that edits belong to", failure)
    }
    unsound?.discard()
    unsound = nil
    forgetAdopted()
  }

  private func forgetAdopted() {
    for (leftover, claim) in adopted {
      recovery.discard(leftover)
      claim.close()
    }
    adopted = []
  }

  /// The journal may have lost records: the next one has the whole `text`.
  private func begin(from text: Contents) {
    guard unsound == nil else { return }
    unsound = journal
    journal = nil
    session = EntryName.newSession()
    mark?.remove()
    announce()
    base = text
    baseHash = try? text.hash()
  }

  // MARK: The end of edits

  /// The document's text is now `base` on disk, in the file that `document` names. Edits recorded
  /// since the text was taken are in `later`.
  public func saved(
    as document: String, base: Contents, hash: UInt64?, format: String = "",
    later: [[JournalEdit]] = []
  ) {
    dropJournal()
    forgetAdopted()
    self.base = base
    self.format = format
    baseHash = hash
    waiting = later
    retryTime = nil
    if document != self.document {
      mark?.remove()
      self.document = document
      announce()
    }
  }

  /// Ends the session: its edits are saved or discarded. Adopted leftovers are removed, too.
  public func discard() {
    dropJournal()
    forgetAdopted()
    mark?.remove()
  }

  /// The session is over and its edits stay on disk.
  public func close() {
    if baseHash == nil, !waiting.isEmpty {
      baseHash = try? base.hash()
      try? write(.now)
    }
    for (_, claim) in adopted { claim.close() }
    adopted = []
    unsound?.close()
    journal?.close()
    mark?.remove()
  }

  /// The copy being written in the background.
  public var backgroundWork: Task<Void, Never>? { copy?.task }

  private func dropJournal() {
    copy?.cancel()
    unsound?.discard()
    unsound = nil
    guard let journal else { return }
    journal.discard()
    self.journal = nil
    synchronizeTime = nil
    try? recovery.files.remove(recovery.file(document, session, .base))
  }

  private func announce() {
    mark = try? recovery.announce(document, session: session)
  }
}
