internal import Infilling

// What a doubt about a word means: nothing, that it is unlikely, or that it is most likely wrong.

extension WordDoubt {
  /// nil for a word that counts as likely. A likely typo never does, whatever else could be meant;
  /// names always do, however unlikely.
  func level(of word: String, below limit: Double) -> DoubtMap.Level? {
    if Double(probability) < limit, meant(by: word) != nil { return .veryUnlikely }
    if word.first?.isUppercase == true { return nil }
    if isDoubtful(below: limit / 10) { return .veryUnlikely }
    return isDoubtful(below: limit) ? .unlikely : nil
  }

  /// The likeliest of the words there that `word` looks like a typo of.
  func meant(by word: String) -> InfillAlternative? {
    alternatives.first { $0.isMeant(by: word) }
  }

  /// Less probable than `limit`, while something else is clearly expected: where nothing is, as for
  /// a name, nothing is wrong. Of a letter without mistakes the default model doubts a word in
  /// thirty at 0.001, of misspelt and misplaced words most.
  private func isDoubtful(below limit: Double) -> Bool {
    Double(probability) < limit && alternatives.first.map { $0.probability > 0.1 } ?? true
  }
}

extension InfillAlternative {
  /// Its text without blanks.
  var word: String { text.filter { !$0.isWhitespace } }

  /// Whether `word` looks like a typo of it.
  func isMeant(by word: String) -> Bool { Spelling.isSlip(word, of: self.word) }
}
