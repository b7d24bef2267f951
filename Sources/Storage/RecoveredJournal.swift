/// The readable contents of a journal or of the copy of an interrupted save.
public struct RecoveredJournal: Sendable, Equatable {
  /// Absolute path of the file, or the made-up name of a document without one.
  public var document: String
  /// Process that wrote it.
  public var process: Int
  /// Nanoseconds since 1970 of the last record.
  public var time: Int64
  /// Number of edit groups.
  public var editCount: Int { groups.count }
  /// Bytes and `ContentHash` of the text that the session began from.
  public let baseCount: Int
  public let baseHash: UInt64
  /// How the file has the text that the edits are of; empty where its bytes are the text.
  public let format: String
  /// The text that the edits begin from, if the journal has it.
  public let snapshot: [UInt8]?
  /// Edits after the snapshot, or after the base without one.
  private let groups: [[JournalEdit]]

  /// nil when `bytes` are not a journal with a header. Bytes after the last valid record are
  /// ignored.
  init?(_ bytes: [UInt8]) {
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
    baseCount = header.baseCount
    baseHash = header.baseHash
    format = header.format
    self.snapshot = snapshot
    self.groups = groups
  }

  /// Whether the session began from `text`.
  public func begins(from text: Contents) -> Bool {
    text.count == baseCount && (try? text.hash()) == baseHash
  }

  /// Calls `replace` for each recorded replacement, starting from the text of `count` bytes that
  /// the edits begin from. Throws if one does not fit. O(edits).
  public func replay(
    onto count: Int, _ replace: (Range<Int>, [UInt8]) -> Void
  ) throws(StorageError) {
    var count = count
    for group in groups {
      var limit = count
      for edit in group.reversed() {
        guard edit.range.upperBound <= limit else {
          throw StorageError(path: document, reason: .damaged("recorded edits do not fit the text"))
        }
        replace(edit.range, edit.replacement)
        limit = edit.range.lowerBound
        count += edit.replacement.count - edit.range.count
      }
    }
  }
}
