/// Characters that are grapheme clusters by themselves next to any other of them, that are shown as
/// they are and whose width is known: most of what people write. They need no segmentation and no
/// tables.
enum PlainCharacter {
  /// Columns of a plain character; 0 for any other scalar.
  static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: 1
    // Latin, Greek and Cyrillic letters, and the marks of their prose.
    case 0xA9, 0xAD, 0xAE: 0
    case 0xA1...0x2AF, 0x391...0x3A1, 0x3A3...0x3FF, 0x400...0x482, 0x48A...0x52F: 1
    case 0x1E00...0x1EFF, 0x2010...0x2027, 0x20AC: 1
    // Hebrew, Arabic and Thai letters, Devanagari letters without signs.
    case 0x5D0...0x5EA, 0x620...0x64A, 0x671...0x6D3: 1
    case 0x904...0x939, 0xE01...0xE30: 1
    // Han, Kana, Hangul syllables, and their punctuation.
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0xAC00...0xD7A3: 2
    case 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FE, 0xFF01...0xFF60: 2
    // Emoji without those that are narrow or change others.
    case 0x1F337...0x1F37C, 0x1F3A0...0x1F3CA, 0x1F400...0x1F43E, 0x1F442...0x1F4FC: 2
    case 0x1F600...0x1F64F, 0x1F680...0x1F6C5, 0x1F947...0x1F9FF: 2
    default: 0
    }
  }
}
