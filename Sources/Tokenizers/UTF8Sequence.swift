/// The sequence at a position of a byte stream that should be UTF-8.
enum UTF8Sequence: Equatable {
  /// A character of this many bytes.
  case character(Int)
  /// A number of bytes that begin no character and are replaced by one U+FFFD (the Unicode
  /// Standard, 3.9, substitution of maximal subparts).
  case invalid(Int)
  /// The beginning of a character whose rest has not arrived.
  case incomplete

  /// - Precondition: `start` is an index of `bytes`.
  init(_ bytes: [UInt8], at start: Int) {
    let length: Int
    // The second byte's range excludes overlong forms, surrogates and what is beyond U+10FFFF.
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[start] {
    case 0..<0x80: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if bytes[start] == 0xE0 { second = 0xA0...0xBF }
      if bytes[start] == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if bytes[start] == 0xF0 { second = 0x90...0xBF }
      if bytes[start] == 0xF4 { second = 0x80...0x8F }
    default:
      self = .invalid(1)
      return
    }
    var count = 1
    while count < length {
      guard start + count < bytes.count else {
        self = .incomplete
        return
      }
      let range = count == 1 ? second : 0x80...0xBF
      guard range.contains(bytes[start + count]) else {
        self = .invalid(count)
        return
      }
      count += 1
    }
    self = .character(length)
  }
}
