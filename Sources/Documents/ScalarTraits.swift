internal import Strings

/// Properties of a scalar that decide how it is shown.
struct ScalarTraits {
  private let bits: UInt8

  /// O(1) below U+3000, else O(log tables).
  init(_ scalar: Unicode.Scalar) {
    bits =
      scalar.value < UInt32(Self.table.count)
      ? Self.table[Int(scalar.value)] : Self.bits(of: scalar)
  }

  /// As `CellWidth.columns`.
  var columns: Int { Int(bits & 3) }
  /// Drawn on the character before it.
  var isMark: Bool { bits & 4 != 0 }
  /// A control or format character, shown as a symbol.
  var isSymbol: Bool { bits & 8 != 0 }

  /// Alphabets, their marks and the controls. Emoji and Han, which are above, are rarely marks.
  private static let table: [UInt8] = (0..<0x3000).map { value in
    Unicode.Scalar(UInt32(value)).map(bits(of:)) ?? 0
  }

  private static func bits(of scalar: Unicode.Scalar) -> UInt8 {
    let plain = PlainCharacter.columns(scalar)
    if plain > 0 { return UInt8(plain) }
    let columns = CellWidth.columns(scalar)
    let category = scalar.properties.generalCategory
    return UInt8(columns) | (isMark(scalar, category) ? 4 : 0)
      | (isSymbol(scalar, category, columns) ? 8 : 0)
  }

  /// Joiners and variation selectors, which change widths on some terminals, are none.
  private static func isMark(
    _ scalar: Unicode.Scalar, _ category: Unicode.GeneralCategory
  ) -> Bool {
    if (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value) {
      return false
    }
    switch category {
    case .nonspacingMark, .enclosingMark, .spacingMark: return true
    // Vowels and final consonants of a Hangul syllable in pieces.
    default: return (0x1160...0x11FF).contains(scalar.value)
    }
  }

  private static func isSymbol(
    _ scalar: Unicode.Scalar, _ category: Unicode.GeneralCategory, _ columns: Int
  ) -> Bool {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 }
    switch category {
    // What spells something but is not drawn is seen, too. Signs around Arabic numbers are drawn.
    case .format: return scalar.isControl || value == 0xAD || columns == 0
    case .unassigned: return value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value)
    default: return scalar.isControl
    }
  }
}
