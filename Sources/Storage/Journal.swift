internal import CPlatform

/// A record of a document's edits on disk, so that a crash loses no more than the last moment. It
/// is locked while the process lives. Not for use from several threads at once.
public final class Journal {
  public let path: String
  private let files: any FileSystem
  private let file: Int32
  /// Bytes that are known to be whole records.
  private var count: Int
  private var isClosed = false
  /// Whether something was appended since the last `synchronize`.
  public private(set) var hasUnsynchronizedEdits = false

  init(path: String, files: any FileSystem, file: Int32, count: Int) {
    self.path = path
    self.files = files
    self.file = file
    self.count = count
  }

  deinit {
    if !isClosed { try? files.close(file) }
  }

  /// Adds edits that happen at once; they survive the process from here on, and the machine after
  /// `synchronize`. When it throws, the journal is as before.
  public func append(
    _ edits: [JournalEdit], time: Int64 = Journal.now()
  ) throws(StorageError) {
    let record = JournalRecord.edits(edits, time: time).encoded()
    do {
      try files.writeAll(file, record)
      count += record.count
      hasUnsynchronizedEdits = true
    } catch {
      try? files.truncate(file, to: count)
      throw StorageError(path, "write the journal", error)
    }
  }

  /// Makes what was appended durable. To be called within a second of the first edit after the
  /// last call.
  public func synchronize() throws(StorageError) {
    guard hasUnsynchronizedEdits else { return }
    do {
      try files.synchronizeData(file)
      hasUnsynchronizedEdits = false
    } catch {
      throw StorageError(path, "write the journal", error)
    }
  }

  /// Ends the journal: the document is saved, or its changes are to be forgotten.
  public func discard() {
    guard !isClosed else { return }
    isClosed = true
    try? files.remove(path)
    try? files.close(file)
  }

  /// Ends the journal and leaves it on disk to be recovered from.
  public func close() {
    guard !isClosed else { return }
    try? synchronize()
    isClosed = true
    try? files.close(file)
  }

  /// Nanoseconds since 1970.
  public static func now() -> Int64 { cp_wall_nanoseconds() }
}
