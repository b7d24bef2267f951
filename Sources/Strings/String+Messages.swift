extension String {
  /// The string on one line: control characters are escaped as `\u{hexadecimal}`. O(n).
  package var escapedForMessage: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar.isControl {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The string in quotation marks, escaped, cut after 80 scalars.
  package var quotedForMessage: String {
    let start = String(unicodeScalars.prefix(80)).escapedForMessage
    return "“\(start)\(unicodeScalars.count > 80 ? "…" : "")”"
  }
}
