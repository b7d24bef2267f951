internal import RegularExpressions
@_spi(_Unicode) internal import Swift

/// What is compiled for a pattern.
///
/// A character with an accent finds its composed and its decomposed form, and a line end any of LF
/// and CR LF: the pattern becomes an expression that has both. In a class of an expression
/// characters stand as they are.
struct PatternSource {
  let pattern: String
  let options: Search.Options

  init(_ pattern: String, _ options: Search.Options) {
    self.pattern = pattern
    self.options = options
  }

  func compiled() throws(SearchError) -> RegularExpression {
    var flags: RegularExpression.Options = [.multiline, .anyLineEnd]
    if ignoresCase { flags.insert(.caseInsensitive) }
    let source = options.isExpression ? expression : literal
    do {
      guard let source else { return try RegularExpression(pattern, options: [.literal, flags]) }
      // A fault is reported where it is in the pattern itself.
      if options.isExpression { _ = try RegularExpression(pattern, options: flags) }
      return try RegularExpression(bounded(source), options: flags)
    } catch {
      let place = error.offset.map { Self.characters(of: pattern, inBytes: $0) }
      let reason = error.message.prefix(1).uppercased() + error.message.dropFirst()
      throw SearchError(
        description: reason + (place.map { ", at character \($0 + 1)" } ?? ""), place: place)
    }
  }

  private func bounded(_ source: String) -> String {
    options.isWholeWord ? #"(?<![\w\p{M}])(?:"# + source + #")(?![\w\p{M}])"# : source
  }

  /// nil where plain text can be searched for as it is, which is quicker.
  private var literal: String? {
    let isPlain = pattern.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0A }
    if isPlain, !options.isWholeWord { return nil }
    return pattern.map { character in
      Self.alternatives(to: character) ?? RegularExpression.escaped(String(character))
    }.joined()
  }

  private var expression: String {
    var result = ""
    var rest = pattern[...]
    while let character = rest.first {
      let length: Int
      if rest.hasPrefix("\\Q") {
        length = rest.firstRange(of: "\\E").map { rest[..<$0.upperBound].count } ?? rest.count
      } else if character == "\\" {
        length = 2
      } else if character == "[" {
        length = Self.lengthOfClass(rest)
      } else {
        result += Self.alternatives(to: character) ?? String(character)
        rest.removeFirst()
        continue
      }
      result += rest.prefix(length)
      rest = rest.dropFirst(length)
    }
    return result
  }

  /// Characters of the class that a text begins with; all of them where it is not closed.
  private static func lengthOfClass(_ text: Substring) -> Int {
    var length = 1
    var isEscaped = false
    var rest = text.dropFirst()
    if rest.first == "^" {
      length += 1
      rest = rest.dropFirst()
    }
    if rest.first == "]" {
      length += 1
      rest = rest.dropFirst()
    }
    for character in rest {
      length += 1
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "]" {
        break
      }
    }
    return length
  }

  /// The forms of a character that are written in several ways; nil for one that is not.
  private static func alternatives(to character: Character) -> String? {
    if character == "\n" { return #"(?:\r?\n)"# }
    if character.isASCII { return nil }
    let text = String(character)
    var forms = [text]
    let normal = [
      String(String.UnicodeScalarView(text._nfc)), String(String.UnicodeScalarView(text._nfd)),
    ]
    for form in normal
    where !forms.contains(where: { $0.utf8.elementsEqual(form.utf8) }) {
      forms.append(form)
    }
    guard forms.count > 1 else { return nil }
    return "(?:" + forms.map(RegularExpression.escaped).joined(separator: "|") + ")"
  }

  private var ignoresCase: Bool {
    switch options.letterCase {
    case .smart: !hasCapitals
    case .exact: false
    case .any: true
    }
  }

  /// Whether the pattern has a capital letter that is no part of an escape.
  private var hasCapitals: Bool {
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if options.isExpression && isEscaped {
        isEscaped = false
      } else if options.isExpression && scalar == "\\" {
        isEscaped = true
      } else if scalar.properties.isUppercase {
        return true
      }
    }
    return false
  }

  /// Characters in the first bytes of a text.
  private static func characters(of text: String, inBytes count: Int) -> Int {
    String(decoding: text.utf8.prefix(count), as: UTF8.self).count
  }
}
