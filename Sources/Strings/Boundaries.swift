extension UInt8 {
  /// Whether the byte goes on a scalar of UTF-8 that began before it: 0b10xxxxxx.
  @inlinable package var isUTF8Continuation: Bool { self & 0xC0 == 0x80 }
}

extension Character {
  /// Whether words consist of it: letters and digits.
  package var isWordPart: Bool { isLetter || isNumber }
}
