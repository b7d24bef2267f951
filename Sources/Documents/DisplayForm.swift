internal import Strings

/// How a cluster is drawn on a terminal: a glyph without control characters, and its columns, which
/// do not depend on the terminal's support for emoji.
///
/// Only the first character is shown, with the marks on it: of a sequence joined into one picture
/// some terminals draw one, some each part. Where a scalar after the first takes columns, each such
/// scalar is drawn in its own cell: a flag is two letters of one column each, a Devanagari vowel
/// sign stands after its consonant.
public struct DisplayForm: Sendable, Equatable {
  public var glyph: Glyph
  /// The sum of `CellWidth.columns` of the scalars; 1 or 2 but for some Indic clusters.
  public var width: Int

  public var text: String { glyph.text }

  /// Shown for a byte that is not UTF-8.
  public static let strayByte = DisplayForm(glyph: "\u{FFFD}", width: 1)

  public init(glyph: Glyph, width: Int) {
    self.glyph = glyph
    self.width = width
  }

  init(text: String, width: Int) { self.init(glyph: Glyph(text), width: width) }

  /// The form of `cluster`, one grapheme cluster. O(cluster).
  public init(of cluster: String) { self.init(of: cluster.unicodeScalars) }

  init(of scalars: some Collection<Unicode.Scalar>) {
    guard let first = scalars.first else {
      self.init(glyph: .blank, width: 1)
      return
    }
    let traits = ScalarTraits(first)
    if traits.isSymbol {
      self.init(glyph: Glyph(first.controlSymbol), width: 1)
    } else if traits.columns == 0 {
      // A mark with nothing to sit on.
      self.init(glyph: Glyph(["\u{25CC}", first]), width: 1)
    } else if scalars.count == 1 {
      self.init(glyph: Glyph(first), width: traits.columns)
    } else {
      let isFlag = Self.isFlagLetter(first)
      var shown = Glyph(first)
      var count = 1
      var width = traits.columns
      for scalar in scalars.dropFirst() where count < Glyph.mostScalars {
        let traits = ScalarTraits(scalar)
        guard traits.isMark || isFlag && Self.isFlagLetter(scalar) else { continue }
        shown.put(scalar, at: count)
        count += 1
        width += traits.columns
      }
      self.init(glyph: shown, width: width)
    }
  }

  private static func isFlagLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// `text` with every character in its shown form: safe for a terminal, on one line. O(text).
  public static func visible(_ text: String) -> String {
    Clusters(text).map(\.display.text).joined()
  }

  /// `text` with a symbol for every control character and every character that changes the order of
  /// its neighbours. Line ends, tabs and joiners are kept. O(text).
  public static func harmless(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    func flush(_ isAtLineEnd: Bool) {
      guard let scalar = previous else { return }
      switch scalar {
      case "\r" where isAtLineEnd: result.append(scalar)
      case "\n", "\t", "\u{200C}", "\u{200D}": result.append(scalar)
      default: result.append(isSymbol(scalar) ? scalar.controlSymbol : scalar)
      }
    }
    for scalar in text.unicodeScalars {
      flush(scalar == "\n")
      previous = scalar
    }
    flush(false)
    return String(result)
  }

  /// Whether a cluster that begins with `scalar` is shown as a symbol.
  static func isSymbol(_ scalar: Unicode.Scalar) -> Bool { ScalarTraits(scalar).isSymbol }
}
