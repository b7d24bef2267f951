internal import Infilling
internal import Strings

// Text of a service on its way into a document.

extension String {
  /// The text with LF line ends and a symbol for every control character and every character that
  /// turns the direction of text: nothing in it can steer a terminal. Tabs and line ends are kept.
  var harmless: String {
    var result = ""
    var followsReturn = false
    for scalar in unicodeScalars {
      if followsReturn, scalar != "\n" { result.append("\n") }
      followsReturn = scalar == "\r"
      switch scalar {
      case "\r": break
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar.steersTerminals ? scalar.controlSymbol : scalar)
      }
    }
    return result + (followsReturn ? "\n" : "")
  }

  /// The text as words, each with the white space before it; white space at the end is one, too.
  var words: [Substring] {
    var words: [Substring] = []
    var start = startIndex
    var isInWord = false
    for index in indices {
      let isBlank = self[index].isWhitespace
      if isBlank && isInWord {
        words.append(self[start..<index])
        start = index
      }
      isInWord = !isBlank
    }
    if start < endIndex { words.append(self[start...]) }
    return words
  }
}

extension Unicode.Scalar {
  fileprivate var steersTerminals: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

extension InfillCell {
  /// A cell of a text that came without probabilities, which counts as certain.
  init(text: some StringProtocol) {
    self.init(state: .draft, text: String(text), confidence: 1)
  }
}
