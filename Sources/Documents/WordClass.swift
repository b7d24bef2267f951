/// The class of a scalar for word motion: a word is a run of one class.
enum WordClass: Equatable {
  case newline, blank, word, han, kana, punctuation
  /// Takes part in the run it follows: combining marks, joiners.
  case extending

  init(_ unit: ScalarReader.Unit) {
    guard let scalar = unit.scalar else {
      self = .punctuation
      return
    }
    self = WordClass.of(scalar)
  }

  private static func of(_ scalar: Unicode.Scalar) -> WordClass {
    switch scalar.value {
    case 0x0A, 0x0D: return .newline
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: return .word
    case 0x09, 0x20: return .blank
    case 0..<0x80: return .punctuation
    case 0x3041...0x30FF: return .kana
    case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: return .han
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: return .extending
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .blank
    default:
      let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      return isWord ? .word : .punctuation
    }
  }

  static func isApostrophe(_ unit: ScalarReader.Unit) -> Bool {
    unit.scalar == "'" || unit.scalar == "\u{2019}"
  }
}
