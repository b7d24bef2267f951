extension PassageRules {
  /// Small words of letters and digits.
  static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }
      .map(String.init)
  }

  static func runs(_ words: [String], of count: Int) -> [[String]] {
    guard words.count >= count else { return [] }
    return (0...words.count - count).map { Array(words[$0..<$0 + count]) }
  }

  /// Whether a word repeats the word before it, which an exchange may do anywhere, or the last word
  /// completes a triple that occurred before.
  static func loops(_ words: [String]) -> Bool {
    if zip(words, words.dropFirst()).contains(where: isDoubled) { return true }
    let count = words.count
    guard count >= 4 else { return false }
    let last = words[(count - 3)...]
    return (0..<count - 3).contains { words[$0..<$0 + 3].elementsEqual(last) }
  }

  /// Whether two words in a row are one too many: "had had" and "that that" may be sound.
  static func isDoubled(_ word: String, _ next: String) -> Bool {
    word == next && word != "that" && word != "had"
  }

  /// Whether a text ends with the mark of a sentence, and not with an abbreviation.
  static func endsSentence(_ text: String) -> Bool {
    let body = text.reversed().drop { closers.contains($0) }
    guard let mark = body.first, enders.contains(mark) else { return false }
    let word = String(body.dropFirst().prefix { $0.isLetter || $0 == "." }.reversed())
    guard mark == "." else { return !word.isEmpty || body.count > 1 }
    if word.count == 1 { return word == "I" || word.first?.isLowercase ?? false }
    if word.contains(".") { return false }
    return !abbreviations.contains(word.lowercased())
  }

  /// Whether a sentence ends before the end of a text.
  static func hasInnerEnd(_ text: String) -> Bool {
    sentenceCount(text) > (endsSentence(text) ? 1 : 0) || endsSentence(text)
  }

  static func sentenceCount(_ text: String) -> Int {
    var count = 0
    var part = ""
    for character in text {
      if character.isWhitespace, endsSentence(part) {
        count += 1
        part = ""
      }
      part.append(character)
    }
    return count + (endsSentence(part) ? 1 : 0)
  }

  private static let abbreviations: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "st", "mt", "rev", "gen", "col", "capt", "lt", "sgt", "gov",
    "sen", "rep", "vs", "cf", "no", "fig", "vol", "etc", "inc", "jr", "sr", "ca", "al",
  ]
}
