internal import CPlatform

/// A record of a document's edits on disk, so that a crash loses no more than the last moment. It
/// is locked while the process lives. Not for use from several threads at once.
public final class Journal {
  public var path: String { locked.path }
  private let files: any FileSystem
  private let locked: LockedFile
  /// Bytes of complete records.
  private var count: Int
  /// A record that was not written whole is at the end.
  private var endsInRubble = false
  private var isClosed = false
  /// The file's name and size are durable.
  private var isSettled = false
  /// Whether something was appended since the last `synchronize`.
  public private(set) var hasUnsynchronizedEdits = false

  init(_ locked: LockedFile, count: Int, files: any FileSystem) {
    self.locked = locked
    self.files = files
    self.count = count
  }

  /// Adds edits that happen at once; they survive the process from here on, and the machine after
  /// `synchronize`. When it throws, the journal is as before.
  public func append(
    _ edits: [JournalEdit], time: Int64 = Journal.now()
  ) throws(StorageError) {
    do throws(SystemError) {
      try clear()
      let record = try JournalRecord.edits(edits, time: time).encoded()
      endsInRubble = true
      try files.writeAll(locked.file, record)
      endsInRubble = false
      count += record.count
      hasUnsynchronizedEdits = true
    } catch {
      try? clear()
      throw StorageError(path, "write the journal", error)
    }
  }

  /// Removes a partial record of a failed call: records after it would never be read.
  private func clear() throws(SystemError) {
    guard endsInRubble else { return }
    try files.truncate(locked.file, to: count)
    endsInRubble = false
  }

  /// Makes appended records durable. Call it within a second of the first edit after the last call.
  /// Also throws if the file was removed.
  public func synchronize() throws(StorageError) {
    guard hasUnsynchronizedEdits else { return }
    do throws(SystemError) {
      if isSettled {
        try files.synchronizeData(locked.file)
      } else {
        try files.synchronize(locked.file)
        try? files.synchronizeFolder(Path.folder(of: path), of: locked.file)
        isSettled = true
      }
      guard try files.status(of: locked.file).links > 0 else {
        throw SystemError(code: SystemError.missing)
      }
      hasUnsynchronizedEdits = false
    } catch {
      throw StorageError(path, "write the journal", error)
    }
  }

  /// Ends the journal and removes it: the document is saved, or its changes are discarded.
  public func discard() {
    guard !isClosed else { return }
    isClosed = true
    locked.remove()
  }

  /// Ends the journal and leaves it on disk to be recovered from.
  public func close() {
    guard !isClosed else { return }
    try? synchronize()
    isClosed = true
    locked.close()
  }

  /// Nanoseconds since 1970.
  public static func now() -> Int64 { cp_wall_nanoseconds() }
}
