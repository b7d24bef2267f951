/// How a cluster is put on a terminal: text free of control characters, of at most five scalars
/// (what a curses cell holds), and the columns it takes whatever the terminal knows about emoji.
///
/// Only the first character is shown, with the marks on it: of a sequence joined into one picture
/// some terminals draw one, some each part. Where a scalar after the first takes columns, each such
/// scalar is drawn in its own cell: a flag is two letters of one column each, a Devanagari vowel
/// sign stands after its consonant.
public struct DisplayForm: Sendable, Equatable {
  public var text: String
  /// The sum of `CellWidth.columns` of the scalars; 1 or 2 but for some Indic clusters.
  public var width: Int

  /// CCHARW_MAX of ncurses.
  static let mostScalars = 5

  /// Stands for a byte that is not UTF-8.
  public static let strayByte = DisplayForm(text: "\u{FFFD}", width: 1)

  init(text: String, width: Int) {
    self.text = text
    self.width = width
  }

  /// The form of `cluster`, one grapheme cluster. O(cluster).
  public init(of cluster: String) {
    let scalars = cluster.unicodeScalars
    guard let first = scalars.first else {
      self.init(text: " ", width: 1)
      return
    }
    if let symbol = DisplayForm.symbol(for: first) {
      self.init(text: symbol, width: 1)
    } else if CellWidth.columns(first) == 0 {
      // A mark with nothing to sit on.
      self.init(text: "\u{25CC}" + String(first), width: 1)
    } else if (0x1F1E6...0x1F1FF).contains(first.value) {
      self.init(text: cluster, width: scalars.count)
    } else {
      var shown = [first]
      for scalar in scalars.dropFirst() where DisplayForm.isMark(scalar) {
        if shown.count == DisplayForm.mostScalars { break }
        shown.append(scalar)
      }
      self.init(
        text: String(String.UnicodeScalarView(shown)),
        width: shown.reduce(0) { $0 + CellWidth.columns($1) })
    }
  }

  /// `text` with every character in its shown form: safe for a terminal, on one line. O(text).
  public static func visible(_ text: String) -> String {
    text.map { DisplayForm(of: String($0)).text }.joined()
  }

  /// Whether `cluster` is shown as a symbol.
  static func isControl(_ cluster: String) -> Bool {
    cluster.unicodeScalars.first.map { symbol(for: $0) != nil } ?? false
  }

  /// A mark that is drawn on the character before it; joiners and variation selectors, which
  /// change widths on some terminals, are left out.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    if (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value) {
      return false
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: return true
    // Vowels and final consonants of a Hangul syllable in pieces.
    default: return (0x1160...0x11FF).contains(scalar.value)
    }
  }

  /// The visible symbol of a control or format character; nil for all others.
  private static func symbol(for scalar: Unicode.Scalar) -> String? {
    let value = scalar.value
    if value < 0x20 { return Unicode.Scalar(0x2400 + value).map(String.init) }
    if value < 0x7F { return nil }
    if value == 0x7F { return "\u{2421}" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
      // Some format characters (Arabic number signs) are drawn and take a column.
      return value == 0xAD || CellWidth.columns(scalar) == 0 ? "\u{2426}" : nil
    case .unassigned where value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value):
      return "\u{2426}"
    default: return nil
    }
  }
}
