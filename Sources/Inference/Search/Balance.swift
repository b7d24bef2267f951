/// Brackets and quotes that are open at the end of a text.
struct Balance: Equatable {
  private var round = 0
  private var square = 0
  private var curly = 0
  private var quotes = 0
  private var straight = false
  /// Whether a blank follows an opening quote.
  private var hasGap = false

  init(_ text: String) {
    var opens = false
    for character in text {
      if opens, character.isWhitespace { hasGap = true }
      opens = character == "“" || (character == "\"" && !straight)
      switch character {
      case "(": round += 1
      case ")": round -= 1
      case "[": square += 1
      case "]": square -= 1
      case "{": curly += 1
      case "}": curly -= 1
      case "“": quotes += 1
      case "”": quotes -= 1
      case "\"": straight.toggle()
      default: break
      }
    }
  }

  /// Whether more was closed than `other` closes, or a quote opened before a blank: nothing that
  /// follows mends it.
  func isBroken(against other: Balance) -> Bool {
    (hasGap && !other.hasGap) || round < min(0, other.round) || square < min(0, other.square)
      || curly < min(0, other.curly)
      || quotes < min(0, other.quotes)
  }
}
