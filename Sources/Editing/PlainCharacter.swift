/// A character that is a grapheme cluster by itself next to any other such character, that is shown
/// as it is and whose width is known: most of what people write. Layout needs no segmentation and no
/// tables for it.
struct PlainCharacter: Equatable {
  /// Bytes of UTF-8.
  let length: Int
  let columns: Int
  let scalar: Unicode.Scalar

  /// The plain character at `index`; nil for any other and for what is not UTF-8.
  @inline(__always)
  init?(in bytes: [UInt8], at index: Int) {
    let first = bytes[index]
    if first < 0x80 {
      guard first >= 0x20, first < 0x7F else { return nil }
      self.init(length: 1, columns: 1, scalar: Unicode.Scalar(first))
      return
    }
    func continuation(_ offset: Int) -> UInt32? {
      guard index + offset < bytes.count, bytes[index + offset] & 0xC0 == 0x80 else { return nil }
      return UInt32(bytes[index + offset] & 0x3F)
    }
    if first & 0xE0 == 0xC0, let second = continuation(1) {
      let value = UInt32(first & 0x1F) << 6 | second
      guard Self.isNarrow(value), let scalar = Unicode.Scalar(value) else { return nil }
      self.init(length: 2, columns: 1, scalar: scalar)
    } else if first & 0xF0 == 0xE0, let second = continuation(1), let third = continuation(2) {
      let value = UInt32(first & 0x0F) << 12 | second << 6 | third
      let isWide = Self.isWide(value)
      guard isWide || Self.isNarrow(value), let scalar = Unicode.Scalar(value) else { return nil }
      self.init(length: 3, columns: isWide ? 2 : 1, scalar: scalar)
    } else {
      return nil
    }
  }

  private init(length: Int, columns: Int, scalar: Unicode.Scalar) {
    self.length = length
    self.columns = columns
    self.scalar = scalar
  }

  /// Latin, Greek and Cyrillic letters, and the marks of their prose.
  static func isNarrow(_ value: UInt32) -> Bool {
    switch value {
    case 0xA9, 0xAD, 0xAE: false
    case 0xA1...0x2AF, 0x391...0x3A1, 0x3A3...0x3FF, 0x400...0x482, 0x48A...0x52F: true
    case 0x1E00...0x1EFF, 0x2010...0x2027, 0x20AC: true
    default: false
    }
  }

  /// Han, Kana, Hangul syllables, and their punctuation.
  static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0xAC00...0xD7A3: true
    case 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FE, 0xFF01...0xFF60: true
    default: false
    }
  }
}
