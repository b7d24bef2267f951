internal import Strings

/// How a cluster is drawn on a terminal: glyphs without control characters, and their columns, which
/// do not depend on the terminal's support for emoji.
///
/// Each scalar that takes columns is a glyph in cells of its own, with the marks upon it: a flag is
/// two letters of one column each, the two consonants and the vowel signs of a Devanagari syllable
/// stand one after another. Of a sequence of emoji joined into one picture the first alone is shown,
/// because some terminals draw one, some each part.
public struct DisplayForm: Sendable, Equatable {
  /// A glyph and the columns it takes.
  public struct Part: Sendable, Equatable {
    public var glyph: Glyph
    public var width: Int
  }

  /// The first glyph.
  public var glyph: Glyph
  /// The sum of `CellWidth.columns` of the scalars; 1 or 2 but for some clusters.
  public var width: Int
  /// What stands after the first glyph; nil for nearly all clusters.
  public private(set) var rest: [Part]?

  public var text: String {
    rest.map { $0.reduce(glyph.text) { $0 + $1.glyph.text } } ?? glyph.text
  }

  /// Columns of the first glyph.
  public var firstWidth: Int { rest.map { $0.reduce(width) { $0 - $1.width } } ?? width }

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
      var parts = [Part(glyph: Glyph(first), width: traits.columns)]
      var count = 1
      var isJoined = false
      for scalar in scalars.dropFirst() {
        let traits = ScalarTraits(scalar)
        if traits.columns > 0, !(isJoined && scalar.properties.isEmoji), !Self.isTone(scalar) {
          parts.append(Part(glyph: Glyph(scalar), width: traits.columns))
          count = 1
        } else if traits.columns == 0, traits.isMark, count < Glyph.mostScalars {
          parts[parts.count - 1].glyph.put(scalar, at: count)
          count += 1
        }
        isJoined = scalar == "\u{200D}"
      }
      self.init(glyph: parts[0].glyph, width: parts.reduce(0) { $0 + $1.width })
      if parts.count > 1 { rest = Array(parts.dropFirst()) }
    }
  }

  /// A skin colour, which changes the emoji before it.
  private static func isTone(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F3FB...0x1F3FF).contains(scalar.value)
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
