extension TextEncoding {
  /// The text of a file's bytes as UTF-8, without a byte order mark; nil where they are not text in this
  /// encoding: UTF-16 of an odd number of bytes, or with a surrogate alone. Encoding it again gives the
  /// same bytes. UTF-8 is returned as it is, whatever it has. O(n).
  public func decode(_ bytes: [UInt8]) -> (text: [UInt8], format: FileFormat)? {
    let hasMark = !byteOrderMark.isEmpty && bytes.starts(with: byteOrderMark)
    let rest = bytes.dropFirst(hasMark ? byteOrderMark.count : 0)
    let format = FileFormat(self, hasByteOrderMark: hasMark)
    switch self {
    case .utf8: return (Array(rest), format)
    case .utf16LE, .utf16BE: return decodeUnits(rest).map { ($0, format) }
    case .latin1, .windows1252:
      var text: [UInt8] = []
      text.reserveCapacity(bytes.count + bytes.count / 8)
      for byte in bytes {
        if byte < 0x80 {
          text.append(byte)
        } else {
          let isSpecial = self == .windows1252 && byte < 0xA0
          text.append(
            scalar: isSpecial ? UInt32(TextEncoding.windows[Int(byte) - 0x80]) : UInt32(byte))
        }
      }
      return (text, format)
    }
  }

  private func decodeUnits(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    // The first half of a pair.
    var high: UInt32?
    let (first, second) = self == .utf16LE ? (0, 1) : (1, 0)
    for index in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
      let unit = UInt32(bytes[index + first]) | UInt32(bytes[index + second]) << 8
      switch (unit, high) {
      case (0xD800..<0xDC00, nil): high = unit
      case (0xDC00..<0xE000, let lead?):
        text.append(scalar: 0x10000 + (lead - 0xD800) << 10 + (unit - 0xDC00))
        high = nil
      case (0xD800..<0xE000, _), (_, _?): return nil
      default: text.append(scalar: unit)
      }
    }
    return high == nil ? text : nil
  }
}

extension [UInt8] {
  /// Appends a scalar in UTF-8; no surrogate.
  @inline(__always) fileprivate mutating func append(scalar value: UInt32) {
    func part(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (value >> shift) & 0x3F) }
    switch value {
    case ..<0x80: append(UInt8(value))
    case ..<0x800:
      append(UInt8(0xC0 | value >> 6))
      append(part(0))
    case ..<0x10000:
      append(UInt8(0xE0 | value >> 12))
      append(part(6))
      append(part(0))
    default:
      append(UInt8(0xF0 | value >> 18))
      append(part(12))
      append(part(6))
      append(part(0))
    }
  }
}
