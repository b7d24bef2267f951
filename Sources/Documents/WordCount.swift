/// How much there is to read.
public struct WordCount: Sendable, Equatable {
  /// What stands between blanks and has a letter or a digit; of Chinese and Japanese, each character.
  public var words = 0
  /// Scalars but line ends and marks on others: what a reader takes for characters.
  public var characters = 0

  public init(words: Int = 0, characters: Int = 0) {
    self.words = words
    self.characters = characters
  }

  /// Words that are read in a minute: silent reading of English (Brysbaert 2019,
  /// https://doi.org/10.1016/j.jml.2019.104047).
  public static let wordsPerMinute = 238

  /// Minutes to read the words, rounded up.
  public var minutes: Int { (words + Self.wordsPerMinute - 1) / Self.wordsPerMinute }

  public static func + (a: WordCount, b: WordCount) -> WordCount {
    WordCount(words: a.words + b.words, characters: a.characters + b.characters)
  }

  public static func - (a: WordCount, b: WordCount) -> WordCount {
    WordCount(words: a.words - b.words, characters: a.characters - b.characters)
  }
}

extension Text {
  /// The words and characters of a range. O(log n + range).
  public func wordCount(in range: Range<Int>) -> WordCount {
    var count = WordCount()
    var isInWord = false
    var reader = ScalarReader(self, at: range.lowerBound)
    while reader.offset < range.upperBound, let unit = reader.next() {
      let kind = WordClass(unit)
      switch kind {
      case .newline: isInWord = false
      case .blank:
        isInWord = false
        count.characters += 1
      case .word:
        if !isInWord { count.words += 1 }
        isInWord = true
        count.characters += 1
      case .han, .kana:
        isInWord = false
        count.words += 1
        count.characters += 1
      case .punctuation: count.characters += 1
      case .extending: break
      }
    }
    return count
  }
}
