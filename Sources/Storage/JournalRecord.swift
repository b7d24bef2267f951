/// One replacement as a journal keeps it: the bytes of `range` become `replacement`.
public struct JournalEdit: Sendable, Equatable {
  public var range: Range<Int>
  public var replacement: [UInt8]

  public init(range: Range<Int>, replacement: [UInt8]) {
    self.range = range
    self.replacement = replacement
  }
}

/// A record of a journal, on disk as `RecordFrame` has it. The first byte of its payload is the kind.
enum JournalRecord: Equatable {
  case header(JournalHeader)
  /// The whole text.
  case snapshot([UInt8])
  /// Edits of one change: ranges in the text before any of them, ascending.
  case edits([JournalEdit], time: Int64)

  static let magic = Array("palimpsest journal 1\n".utf8)

  /// Throws `EFBIG` for a payload of more than `limit` bytes.
  func encoded(limit: Int = RecordFrame.longest) throws(SystemError) -> [UInt8] {
    var payload = ByteWriter()
    switch self {
    case .header(let header):
      payload.append(byte: 1)
      payload.append(bytes: Array(header.document.utf8))
      payload.append(header.process)
      payload.append(header.time)
      payload.append(header.baseCount)
      payload.append(header.baseHash)
      if !header.format.isEmpty { payload.append(bytes: Array(header.format.utf8)) }
    case .snapshot(let bytes):
      payload.append(byte: 2)
      payload.append(bytes: bytes)
    case .edits(let edits, let time):
      payload.append(byte: 3)
      payload.append(time)
      payload.append(edits)
    }
    return try RecordFrame.bytes(of: payload.bytes, limit: limit)
  }

  /// The complete, valid records at the beginning of `bytes`, and where they end.
  static func decode(_ bytes: [UInt8]) -> (records: [JournalRecord], end: Int) {
    guard bytes.starts(with: magic) else { return ([], 0) }
    var records: [JournalRecord] = []
    var end = magic.count
    while true {
      guard let payload = RecordFrame.payload(atStartOf: bytes[end...]),
        let record = JournalRecord(payload)
      else { return (records, end) }
      records.append(record)
      end = payload.endIndex
    }
  }

  private init?(_ payload: ArraySlice<UInt8>) {
    var reader = ByteReader(payload)
    guard let kind: UInt8 = reader.next() else { return nil }
    switch kind {
    case 1:
      guard let document = reader.countedBytes(), let process: Int = reader.next(),
        let time: Int64 = reader.next(), let count: Int = reader.next(),
        let hash: UInt64 = reader.next()
      else { return nil }
      let format = reader.countedBytes() ?? []
      self = .header(
        JournalHeader(
          document: String(decoding: document, as: UTF8.self), process: process, time: time,
          baseCount: count, baseHash: hash, format: String(decoding: format, as: UTF8.self)))
    case 2:
      guard let bytes = reader.countedBytes() else { return nil }
      self = .snapshot(Array(bytes))
    case 3:
      guard let time: Int64 = reader.next(), let edits = reader.edits() else { return nil }
      self = .edits(edits, time: time)
    default: return nil
    }
  }
}

/// The document of a journal.
struct JournalHeader: Sendable, Equatable {
  /// Absolute path of the file, or a made-up name for a document without one.
  var document: String
  var process: Int
  /// Nanoseconds since 1970 when the journal began.
  var time: Int64
  /// Bytes and `ContentHash` of the text that the edits begin from.
  var baseCount: Int
  var baseHash: UInt64
  /// How the file has the text, where its bytes are another encoding of it.
  var format = ""
}
