/// A record of a file: the length and the CRC-32C of its payload, four bytes each, little-endian, then
/// the payload.
enum RecordFrame {
  /// The bytes of a payload whose length four bytes hold.
  static let longest = Int(UInt32.max)

  /// Throws `EFBIG` for a payload of more than `limit` bytes.
  static func bytes(
    of payload: [UInt8], limit: Int = longest
  ) throws(SystemError) -> [UInt8] {
    guard payload.count <= limit else { throw SystemError(code: SystemError.tooLarge) }
    var record = ByteWriter()
    record.append(UInt32(payload.count))
    record.append(ContentHash.crc32c(payload[...]))
    return record.bytes + payload
  }

  /// The payload of the record that `bytes` begin with; nil if it is cut off or damaged.
  static func payload(atStartOf bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var reader = ByteReader(bytes)
    guard let count: UInt32 = reader.next(), let crc: UInt32 = reader.next(),
      let payload = reader.bytes(Int(count)), ContentHash.crc32c(payload) == crc
    else { return nil }
    return payload
  }
}

extension ByteWriter {
  /// The number of edits, and each with its range.
  mutating func append(_ edits: [JournalEdit]) {
    append(edits.count)
    for edit in edits {
      append(edit.range.lowerBound)
      append(edit.range.count)
      append(bytes: edit.replacement)
    }
  }
}

extension ByteReader {
  /// nil for ranges that no text has.
  mutating func edits() -> [JournalEdit]? {
    guard let count: Int = next(), count >= 0 else { return nil }
    var edits: [JournalEdit] = []
    for _ in 0..<count {
      guard let start: Int = next(), let removed: Int = next(), let bytes = countedBytes(),
        start >= 0, removed >= 0, start < 1 << 48, removed < 1 << 48
      else { return nil }
      edits.append(JournalEdit(range: start..<start + removed, replacement: Array(bytes)))
    }
    return edits
  }
}
