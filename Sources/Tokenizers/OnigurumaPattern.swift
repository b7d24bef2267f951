/// Tokenizer files hold patterns in the dialect of Oniguruma. PCRE2 reads all that published
/// tokenizers use of it, but `\s` differs: Oniguruma's is the property White_Space, PCRE2's has
/// U+180E besides.
enum OnigurumaPattern {
  private static let space =
    "\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}"

  /// `pattern` for PCRE2.
  static func translated(_ pattern: String) -> String {
    var result = ""
    var classDepth = 0
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isEscaped {
        isEscaped = false
        switch (scalar, classDepth > 0) {
        case ("s", true): result += space
        case ("s", false): result += "[" + space + "]"
        case ("S", false): result += "[^" + space + "]"
        default:
          result += "\\"
          result.unicodeScalars.append(scalar)
        }
        continue
      }
      switch scalar {
      case "\\": isEscaped = true
      case "[":
        classDepth += 1
        result.unicodeScalars.append(scalar)
      case "]":
        classDepth = max(classDepth - 1, 0)
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return isEscaped ? result + "\\" : result
  }
}
