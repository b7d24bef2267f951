/// What a journal or the copy of an interrupted save still holds.
public struct RecoveredJournal: Sendable, Equatable {
  /// Absolute path of the file, or the made-up name of a document without one.
  public var document: String
  /// Process that wrote it.
  public var process: Int
  /// Nanoseconds since 1970 of the last record.
  public var time: Int64
  /// Number of edit groups.
  public var editCount: Int { groups.count }
  /// Whether this is the copy that was made before a save in place.
  public var isInterruptedSave: Bool

  private let baseCount: Int
  private let baseHash: UInt64
  private let snapshot: [UInt8]?
  /// Edits after the snapshot, or after the base where there is none.
  private let groups: [[JournalEdit]]

  /// nil when `bytes` are not a journal with a header. Whatever follows the last sound record is
  /// ignored.
  init?(_ bytes: [UInt8], isInterruptedSave: Bool) {
    let records = JournalRecord.decode(bytes).records
    guard case .header(let header)? = records.first else { return nil }
    var time = header.time
    var snapshot: [UInt8]?
    var groups: [[JournalEdit]] = []
    for record in records.dropFirst() {
      switch record {
      case .header: break
      case .snapshot(let bytes):
        snapshot = bytes
        groups = []
      case .edits(let edits, let when):
        groups.append(edits)
        time = when
      }
    }
    document = header.document
    process = header.process
    self.time = time
    self.isInterruptedSave = isInterruptedSave
    baseCount = header.baseCount
    baseHash = header.baseHash
    self.snapshot = snapshot
    self.groups = groups
  }

  /// Whether recovering needs the file to be what it was when the journal began.
  public var needsBase: Bool { snapshot == nil }

  /// The text at the last record, given the text on disk now. Throws when that is needed and has
  /// changed since, or when the edits do not fit. O(text · edits).
  public func contents(onDisk base: [UInt8]) throws(StorageError) -> [UInt8] {
    if snapshot == nil, base.count != baseCount || ContentHash.hash(base) != baseHash {
      throw StorageError(
        path: document, reason: .damaged("the file has changed since the edits were recorded"))
    }
    var text = snapshot ?? base
    for group in groups {
      var limit = text.count
      for edit in group.reversed() {
        guard edit.range.upperBound <= limit else {
          throw StorageError(path: document, reason: .damaged("recorded edits do not fit the text"))
        }
        text.replaceSubrange(edit.range, with: edit.replacement)
        limit = edit.range.lowerBound
      }
    }
    return text
  }
}
