internal import Infilling
internal import Strings

// Text of a service on its way into a document.

extension String {
  /// The text with LF line ends and a symbol for every other control character but tabs: nothing in it
  /// can steer a terminal.
  var harmless: String {
    var result = ""
    var followsReturn = false
    for scalar in unicodeScalars {
      if followsReturn, scalar != "\n" { result.append("\n") }
      followsReturn = scalar == "\r"
      switch scalar {
      case "\r": break
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar.isControl ? scalar.controlSymbol : scalar)
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

extension InfillCell {
  /// A cell of a text that came without probabilities, which counts as certain.
  init(text: some StringProtocol) {
    self.init(state: .draft, text: String(text), confidence: 1)
  }
}
