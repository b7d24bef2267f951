/// The content of a passage as far as its words show it: names, numbers, grammatical person,
/// negation.
struct PassageContent: Equatable {
  /// Small words of letters and digits.
  let words: [String]
  /// Characters.
  let length: Int
  /// Capitalised words not at the beginning of a sentence, and runs of digits.
  let names: Set<String>
  let numbers: Set<String>
  /// Beginnings of the words that carry the meaning.
  private let stems: Set<String>
  private let all: Set<String>

  init(_ text: String) {
    words = PassageRules.words(text)
    length = text.count
    all = Set(words.map(Self.bare))
    numbers = Set(Self.numbers(in: text))
    names = Set(Self.names(in: text).map { Self.bare($0.lowercased()) })
    stems = Set(
      all.filter { $0.count > 3 && !Self.small.contains($0) }.map { String($0.prefix(5)) })
  }

  /// Share of this passage's stems that `other` has; 1 if it has none.
  func share(in other: PassageContent) -> Float {
    stems.isEmpty ? 1 : Float(stems.intersection(other.stems).count) / Float(stems.count)
  }

  /// Names and numbers of the old passage that this one lacks, and those it adds.
  func strayFacts(from old: PassageContent) -> Int {
    old.names.subtracting(all).count + names.subtracting(old.all).count
      + old.numbers.symmetricDifference(numbers).count
  }

  /// Ways in which another person speaks or is spoken to, or the opposite is said.
  func turns(from old: PassageContent) -> Int {
    Self.persons.count { $0.isDisjoint(with: all) != $0.isDisjoint(with: old.all) }
      + (denies == old.denies ? 0 : 1)
  }

  private var denies: Bool {
    !Self.denials.isDisjoint(with: all) || words.contains { $0.hasSuffix("n't") }
  }

  private static let persons: [Set<String>] = [
    ["i", "me", "my", "mine", "i'm", "i've", "i'll", "i'd"],
    ["we", "us", "our", "ours", "we're", "we've", "we'll", "we'd"],
    ["you", "your", "yours", "you're", "you've", "you'll", "you'd"],
  ]

  private static let denials: Set<String> = [
    "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "cannot", "without",
  ]

  /// Words of more than three letters that carry little.
  private static let small: Set<String> = [
    "that", "this", "these", "those", "with", "from", "into", "have", "been", "were", "will",
    "would", "could", "should", "shall", "must", "there", "their", "them", "they", "then", "than",
    "what", "when", "where", "which", "while", "whose", "your", "also", "very", "much", "more",
    "most", "some", "such", "only", "just", "about", "because", "however", "upon", "over", "under",
    "does", "doing", "being", "having", "here", "both", "each", "other", "others", "even", "quite",
  ]

  /// Without the ending of a possessive.
  private static func bare(_ word: String) -> String {
    let word = word.replacing("’", with: "'")
    return word.hasSuffix("'s") ? String(word.dropLast(2)) : word
  }

  private static func numbers(in text: String) -> [String] {
    text.split { !$0.isASCII || !$0.isNumber }.map(String.init)
  }

  private static func names(in text: String) -> [String] {
    var names: [String] = []
    var start = text.startIndex
    var isFirst = true
    while let begin = text[start...].firstIndex(where: \.isLetter) {
      let end =
        text[begin...].firstIndex { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }
        ?? text.endIndex
      let before = text[..<begin].reversed().drop { $0.isWhitespace || "\"'“‘(".contains($0) }
      let begins = isFirst || PassageRules.endsSentence(String(before.prefix(16).reversed()))
      let word = text[begin..<end]
      let isPronoun = word == "I" || word.hasPrefix("I'") || word.hasPrefix("I’")
      if word.first?.isUppercase ?? false, !begins, !isPronoun { names.append(String(word)) }
      (start, isFirst) = (end, false)
    }
    return names
  }
}
