/// Finds the sentences of one block of prose. Rules, in the order they are applied to a run of `.`,
/// `!`, `?`, `…` with the quotes and brackets that close after it: the end of the block or a blank
/// must follow; before a small letter the sentence continues, and so it does after an abbreviation,
/// an initial or a list number with a single `.`. The full stops of Chinese and Japanese need no
/// blank.
struct SentenceScanner {
  private let units: [ScalarReader.Unit]

  init(_ units: [ScalarReader.Unit]) {
    self.units = units
  }

  /// A sentence longer than `sentence` words, or without blanks `sentence` characters, is cut into
  /// parts not much longer than `part`.
  static let words = (part: 60, sentence: 75)
  static let characters = (part: 480, sentence: 600)

  /// Byte ranges of the sentences in order, without the blanks between them.
  func sentences() -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = skipBlanks(from: 0)
    var index = start
    while index < units.count {
      if let end = sentenceEnd(from: index) {
        append(start..<end, to: &result)
        start = skipBlanks(from: end)
        index = start
      } else {
        index += 1
      }
    }
    if start < units.count, let last = units.lastIndex(where: { !isBlank($0) }), last >= start {
      append(start..<last + 1, to: &result)
    }
    return result
  }

  /// A sentence, or the parts of a very long one: each ends with a clause if one ends in its latter
  /// two thirds, else with a word.
  private func append(_ sentence: Range<Int>, to result: inout [Range<Int>]) {
    var rest = sentence
    while rest.count > Self.characters.sentence || wordCount(rest) > Self.words.sentence {
      let end = partEnd(rest)
      result.append(units[rest.lowerBound].range.lowerBound..<units[end - 1].range.upperBound)
      rest = min(skipBlanks(from: end), rest.upperBound)..<rest.upperBound
    }
    guard !rest.isEmpty else { return }
    result.append(
      units[rest.lowerBound].range.lowerBound..<units[rest.upperBound - 1].range.upperBound)
  }

  private func wordCount(_ range: Range<Int>) -> Int {
    range.count { isWordEnd($0) }
  }

  /// Whether a blank that follows a word, or the text's end, is here.
  private func isWordEnd(_ index: Int) -> Bool {
    !isBlank(units[index]) && (index + 1 == units.count || isBlank(units[index + 1]))
  }

  private func partEnd(_ rest: Range<Int>) -> Int {
    var words = 0
    var (word, clause): (Int?, Int?)
    for index in rest.prefix(Self.characters.part) where isWordEnd(index) {
      words += 1
      word = index + 1
      let mark = units[index].scalar
      if 3 * words >= Self.words.part, mark.map(",;:—–".unicodeScalars.contains) ?? false {
        clause = index + 1
      }
      if words == Self.words.part { break }
    }
    return clause ?? word ?? rest.lowerBound + Self.characters.part
  }

  /// Whether a text has the end of a sentence, by its marks.
  static func hasEnd(_ text: String) -> Bool {
    var isMarked = false
    for scalar in text.unicodeScalars {
      if "。！？".unicodeScalars.contains(scalar) { return true }
      if ".!?…".unicodeScalars.contains(scalar) {
        isMarked = true
      } else if isMarked, !closers.contains(scalar) {
        if scalar.properties.isWhitespace { return true }
        isMarked = false
      }
    }
    return isMarked
  }

  /// The index after the sentence whose terminator begins at `index`; nil if no sentence ends
  /// there.
  private func sentenceEnd(from index: Int) -> Int? {
    guard let scalar = units[index].scalar else { return nil }
    let isIdeographic = "。！？".unicodeScalars.contains(scalar)
    guard isIdeographic || ".!?…".unicodeScalars.contains(scalar) else { return nil }
    var end = index + 1
    var isRun = false
    while end < units.count, let next = units[end].scalar {
      if ".!?…。！？".unicodeScalars.contains(next) {
        isRun = true
      } else if !SentenceScanner.closers.contains(next) {
        break
      }
      end += 1
    }
    if isIdeographic || end == units.count { return end }
    guard isBlank(units[end]) else { return nil }
    guard let next = firstLetter(from: end) else { return end }
    if next.properties.isLowercase { return nil }
    if scalar == "." && !isRun && goesOn(afterDotAt: index, before: next) { return nil }
    return end
  }

  /// The first scalar after blanks and opening quotes or brackets.
  private func firstLetter(from index: Int) -> Unicode.Scalar? {
    units[index...].first { unit in
      guard let scalar = unit.scalar else { return true }
      return !isBlank(unit) && !SentenceScanner.openers.contains(scalar)
    }?.scalar
  }

  /// Whether the word before a full stop is one that a full stop abbreviates.
  private func goesOn(afterDotAt index: Int, before next: Unicode.Scalar) -> Bool {
    let letters = units[..<index].reversed().prefix { unit in
      guard let scalar = unit.scalar else { return false }
      return scalar == "." || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    let word = letters.reversed().compactMap(\.scalar)
    guard let first = word.first else { return false }
    let string = String(String.UnicodeScalarView(word))
    if word.count == 1 { return first.properties.isUppercase && first != "I" }
    if string.contains(".") {
      return string.split(separator: ".").allSatisfy {
        $0.count == 1 && $0.allSatisfy(\.isLetter)
      }
    }
    let isListNumber =
      word.allSatisfy { $0.properties.numericType != nil } && letters.count == index
    if isListNumber { return true }
    if SentenceScanner.numbered.contains(string) { return next.properties.numericType != nil }
    return SentenceScanner.abbreviations.contains(string.lowercased())
  }

  private func skipBlanks(from index: Int) -> Int {
    units[index...].firstIndex { !isBlank($0) } ?? units.count
  }

  private func isBlank(_ unit: ScalarReader.Unit) -> Bool {
    unit.scalar?.properties.isWhitespace ?? false
  }

  private static let closers = Set("\"'”’»›)]}*_`".unicodeScalars)
  private static let openers = Set("\"'“‘„‚«‹([{*_`".unicodeScalars)
  /// Abbreviations that a name or more of the sentence follows.
  private static let abbreviations: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "st", "mt", "rev", "hon", "gen", "col", "capt", "lt", "sgt",
    "gov", "sen", "rep", "pres", "messrs", "mme", "mlle", "hr", "fr", "vs", "cf", "eg", "ie",
    "approx", "ca", "viz", "al", "ed", "eds",
  ]
  /// Words that are abbreviations when a number follows.
  private static let numbered: Set<String> = [
    "No", "no", "Nos", "nos", "Nr", "p", "pp", "Fig", "fig", "Figs", "Eq", "eq", "Sec", "sec",
    "Ch", "ch", "Vol", "vol", "Art", "art", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep",
    "Sept", "Oct", "Nov", "Dec",
  ]
}
