internal import CPlatform

/// The folder of journals and of copies made before saves in place: one file each a document,
/// named by a hash of its path, readable by the user alone.
public struct RecoveryFolder: Sendable {
  /// What is left of a document's last session.
  public enum State: Sendable, Equatable {
    case none
    /// Another process is editing the document now.
    case inUse(process: Int)
    case recoverable(RecoveredJournal)
  }

  /// Texts up to this size are kept whole in a new journal, so that recovery does not depend on
  /// the file.
  static let snapshotLimit = 1 << 20

  let path: String
  let files: any FileSystem

  public init(
    _ path: String = Directories.current().recovery, files: any FileSystem = SystemFiles()
  ) {
    self.path = path
    self.files = files
  }

  /// What there is for `document`, an absolute path as `FileStore.resolve` gives it. Changes
  /// nothing.
  public func state(of document: String) -> State {
    let journal = journalPath(document)
    if let process = owner(of: journal) { return .inUse(process: process) }
    let found = recovered(journal, isInterruptedSave: false)
    let copy = recovered(copyPath(document), isInterruptedSave: true)
    // A copy holds the whole text; a journal may hold later edits, if it does not need the file
    // that the interrupted save has spoilt.
    if let copy, found?.needsBase ?? true { return .recoverable(copy) }
    return found.map { .recoverable($0) } ?? .none
  }

  /// Everything that no living process owns, newest first.
  public func abandoned() -> [RecoveredJournal] {
    let names = (try? files.list(path)) ?? []
    let found = names.compactMap { name -> RecoveredJournal? in
      let file = Path.join(path, name)
      let isSave = name.hasSuffix(RecoveryFolder.copySuffix)
      guard isSave || name.hasSuffix(RecoveryFolder.journalSuffix), owner(of: file) == nil else {
        return nil
      }
      return recovered(file, isInterruptedSave: isSave)
    }
    return found.sorted { $0.time > $1.time }
  }

  /// Forgets what `state(of:)` found.
  public func discard(_ document: String) {
    try? files.remove(journalPath(document))
    try? files.remove(copyPath(document))
  }

  /// Begins a journal for `document` from `base`, its text on disk, with `current`, its text now.
  /// Takes the place of an earlier journal in one step. nil while another process has one.
  public func begin(
    _ document: String, base: [UInt8], current: [UInt8]? = nil
  ) throws(StorageError) -> Journal? {
    let target = journalPath(document)
    let temporary = target + ".\(cp_process_id()).new"
    do throws(SystemError) {
      try files.makeFolders(path)
      if owner(of: target) != nil { return nil }
      try? files.remove(temporary)
      var bytes = JournalRecord.magic + header(document, base)
      if base.count <= RecoveryFolder.snapshotLimit {
        bytes += JournalRecord.snapshot(base).encoded()
      }
      if let current, current != base { bytes += JournalRecord.snapshot(current).encoded() }
      let file = try files.open(temporary, .append)
      do throws(SystemError) {
        _ = try? files.lock(file)
        try files.writeAll(file, bytes)
        try files.synchronize(file)
        try files.rename(temporary, to: target, replacing: true)
        try files.synchronizeFolder(path)
      } catch {
        try? files.close(file)
        try? files.remove(temporary)
        throw error
      }
      return Journal(path: target, files: files, file: file, count: bytes.count)
    } catch {
      throw StorageError(target, "write the journal", error)
    }
  }

  /// A name for the journal of a document without a file.
  public static func unnamedDocument() -> String { "unnamed-\(cp_process_id())" }

  /// Makes a durable copy of what is about to be written over `document`; returns its path.
  func keepCopy(of bytes: [UInt8], for document: String) throws(StorageError) -> String {
    let target = copyPath(document)
    let temporary = target + ".\(cp_process_id()).new"
    do throws(SystemError) {
      try files.makeFolders(path)
      try? files.remove(temporary)
      let file = try files.open(temporary, .create(permissions: 0o600))
      defer { try? files.close(file) }
      do throws(SystemError) {
        let contents =
          JournalRecord.magic + header(document, bytes) + JournalRecord.snapshot(bytes).encoded()
        try files.writeAll(file, contents)
        try files.synchronize(file)
        try files.rename(temporary, to: target, replacing: true)
        try files.synchronizeFolder(path)
      } catch {
        try? files.remove(temporary)
        throw error
      }
      return target
    } catch {
      throw StorageError(target, "keep a copy", error)
    }
  }

  // MARK: Files

  private static let journalSuffix = ".journal"
  private static let copySuffix = ".save"

  private func journalPath(_ document: String) -> String {
    Path.join(path, RecoveryFolder.name(document) + RecoveryFolder.journalSuffix)
  }

  private func copyPath(_ document: String) -> String {
    Path.join(path, RecoveryFolder.name(document) + RecoveryFolder.copySuffix)
  }

  private static func name(_ document: String) -> String {
    let digits = String(ContentHash.hash(Array(document.utf8)), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func header(_ document: String, _ base: [UInt8]) -> [UInt8] {
    JournalRecord.header(
      JournalHeader(
        document: document, process: Int(cp_process_id()), time: Journal.now(),
        baseCount: base.count, baseHash: ContentHash.hash(base))
    ).encoded()
  }

  /// The process that holds the lock of a journal; nil when none does.
  private func owner(of journal: String) -> Int? {
    guard let file = try? files.open(journal, .read) else { return nil }
    defer { try? files.close(file) }
    guard let isFree = try? files.lock(file), !isFree else { return nil }
    return recovered(journal, isInterruptedSave: false)?.process ?? 0
  }

  private func recovered(_ path: String, isInterruptedSave: Bool) -> RecoveredJournal? {
    guard let found = try? files.readFile(path) else { return nil }
    return RecoveredJournal(found.bytes, isInterruptedSave: isInterruptedSave)
  }
}
