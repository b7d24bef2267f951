internal import CPlatform
public import Platform

/// The folder of journals and of copies made before saves in place, readable by the user alone.
/// Each session has its own files, named by a hash of the document's path and by the session.
public struct RecoveryFolder: Sendable {
  /// Another process that has a document open.
  public struct Neighbour: Sendable, Hashable {
    public var process: Int
    public var hasUnsavedEdits: Bool

    public init(process: Int, hasUnsavedEdits: Bool) {
      self.process = process
      self.hasUnsavedEdits = hasUnsavedEdits
    }
  }

  /// Texts up to this size are kept whole in a new journal; larger ones are copied in the
  /// background (`BaseCopy`). Recovery then does not depend on the file.
  static let snapshotLimit = 1 << 20

  public let path: String
  let files: any FileSystem

  public init(
    _ path: String = Directories.current().recovery, files: any FileSystem = SystemFiles()
  ) {
    self.path = path
    self.files = files
  }

  /// Marks `document`, an absolute path as `FileStore.resolve` gives it, as open in this process
  /// until the mark is removed or the process ends.
  func announce(_ document: String, session: String) throws(StorageError) -> LockedFile {
    let target = file(document, session, .presence)
    do throws(SystemError) {
      try files.makeFolders(path)
      return try files.createLocked(
        target, process: Int(cp_process_id()), isDurable: false,
        write: JournalRecord.magic + header(document, count: 0, hash: 0))
    } catch {
      throw StorageError(target, "mark the document as open", error)
    }
  }

  /// Sessions of other processes on `document`, in the order of their processes.
  func neighbours(of document: String, besides session: String) -> [Neighbour] {
    let hash = EntryName.hash(document)
    let entries = entries().filter { $0.document == hash && $0.session != session }
    return entries.filter { $0.kind == .presence }.compactMap { entry -> Neighbour? in
      let file = Path.join(path, entry.text)
      if let stale = files.claim(file) {
        stale.close()
        return nil
      }
      guard let bytes = try? files.readFile(file).bytes, let mark = RecoveredJournal(bytes),
        mark.document == document
      else { return nil }
      return Neighbour(
        process: mark.process, hasUnsavedEdits: entries.contains(entry.sibling(.journal)))
    }
    .sorted { $0.process < $1.process }
  }

  /// Begins a journal for `document` from `base`, its text, of `hash`, which the file has in `format`. No other file is touched. It
  /// outlives the process at once, and the machine after `Journal.synchronize`.
  func begin(
    _ document: String, session: String, base: Contents, hash: UInt64?, format: String = ""
  ) throws(StorageError) -> Journal {
    let target = file(document, session, .journal)
    do throws(SystemError) {
      let hash = if let hash { hash } else { try base.hash() }
      var bytes = JournalRecord.magic
      bytes += try header(document, count: base.count, hash: hash, format: format)
      if base.count <= RecoveryFolder.snapshotLimit {
        bytes += try JournalRecord.snapshot(try base.bytes()).encoded()
      }
      try files.makeFolders(path)
      let locked = try files.createLocked(
        target, process: Int(cp_process_id()), isDurable: false, write: bytes)
      return Journal(locked, count: bytes.count, files: files)
    } catch {
      throw StorageError(target, "write the journal", error)
    }
  }

  /// A name for the journal of a document without a file; another one each time.
  public static func unnamedDocument() -> String {
    "unnamed-\(cp_process_id())-\(EntryName.newSession())"
  }

  /// Makes a durable copy of the contents that are about to be written over `document`.
  func keepCopy(of bytes: [UInt8], for document: String) throws(StorageError) -> LockedFile {
    let target = file(document, EntryName.newSession(), .copy)
    do throws(SystemError) {
      try files.makeFolders(path)
      let snapshot = try JournalRecord.snapshot(bytes).encoded()
      let header = try header(document, count: bytes.count, hash: ContentHash.hash(bytes))
      return try files.createLocked(
        target, process: Int(cp_process_id()), isDurable: true,
        write: JournalRecord.magic + header + snapshot)
    } catch {
      throw StorageError(target, "keep a copy", error)
    }
  }

  // MARK: Files

  func entries() -> [EntryName] {
    ((try? files.list(path)) ?? []).compactMap(EntryName.init)
  }

  func file(_ document: String, _ session: String, _ kind: EntryName.Kind) -> String {
    Path.join(path, EntryName(document, session: session, kind).text)
  }

  private func header(
    _ document: String, count: Int, hash: UInt64, format: String = ""
  ) throws(SystemError) -> [UInt8] {
    try JournalRecord.header(
      JournalHeader(
        document: document, process: Int(cp_process_id()), time: Journal.now(),
        baseCount: count, baseHash: hash, format: format)
    ).encoded()
  }
}
