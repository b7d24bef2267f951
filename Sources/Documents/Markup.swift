internal import Strings

/// Text as XML and HTML have it.
public enum Markup {
  /// `text` as character data or as a value in double quotes, well-formed for any text. Characters
  /// that XML does not allow become symbols; `blank` replaces blanks. Works on scalars, since a `<`
  /// with an accent is a `<` to every reader. O(text).
  public static func escaped(_ text: String, blank: Unicode.Scalar = " ") -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\r": result.append(contentsOf: "&#13;".unicodeScalars)
      case "\t", "\n": result.append(scalar)
      case " ": result.append(blank)
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        result.append(scalar.controlSymbol)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
