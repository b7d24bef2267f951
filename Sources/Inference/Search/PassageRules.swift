internal import Decoding
internal import Tokenizers

/// The form of a passage, taken from the words that it replaces and the text around it: where it
/// may end, which marks it may have, what counts as repeating.
struct PassageRules: PassageForm {
  /// The end of the passage.
  enum Ending: Equatable {
    /// `.`, `!`, `?`, `…`, quotes or brackets closed after it.
    case sentence
    /// This very mark.
    case mark(Character)
    /// A word: the text after it continues it.
    case word
  }

  let banned: [Int]
  let bannedFirst: [Int]
  let stops: Set<Int>
  var endsWithMark: Bool { ending == .sentence }
  private let ending: Ending
  /// Sentences of the old passage, at least 1, and the tokens from which this number is enough.
  private let sentences: Int
  private let enough: Int
  /// Opening less closing brackets and quotes, as the old passage has them.
  private let balance: Balance
  private let neighbours: Neighbours
  let endsLine: Bool
  /// The first tokens of the text after the passage, up to its second word, or its third where the
  /// second has fewer than four letters.
  private let opening: [Int]
  /// The words of `opening`, its last one whole.
  private let openingWords: [String]
  /// The token of one blank, where the passage may have numbers, and what does not go on after it.
  private let blank: Int?
  private let afterBlank: [Int]
  /// Whether a sentence ends inside the old passage.
  private let hasInnerEnd: Bool
  /// Whether the passage is a line or cell with a word of three letters: initials are no other.
  private let needsWord: Bool
  private let tokenizer: Tokenizer

  /// - Parameters:
  ///   - expected: the old passage's length in tokens.
  ///   - following: the tokens after the passage, as far as the model reads them.
  init(
    _ edges: PassageEdges, expected: Int, _ tokenizer: Tokenizer, _ tokens: PassageTokens,
    silent: [Int], following: [Int] = []
  ) {
    self.tokenizer = tokenizer
    let core = edges.core
    ending = Self.ending(of: core)
    hasInnerEnd = Self.hasInnerEnd(core)
    sentences = max(1, Self.sentenceCount(core))
    enough = max(1, expected * 6 / 10)
    balance = Balance(core)
    endsLine = ending == .word && edges.endsLineOrCell
    needsWord = endsLine && Self.words(core).contains { $0.count >= 3 }
    neighbours = Neighbours(edges)
    (opening, openingWords) =
      ending == .sentence || endsLine
      ? Self.opening(of: following, tokenizer, unlike: core) : ([], [])
    let near = edges.near
    let isWithinLine = !core.contains(where: \.isNewline)
    stops = isWithinLine ? tokens.lineBreaks : []
    var allowed = Set(core)
    allowed.formUnion(near.filter { "\"“”'’‘()0123456789$%&/".contains($0) })
    let hasNumbers = core.contains { $0.isASCII && $0.isNumber }
    let blank = hasNumbers ? tokens.blank : nil
    self.blank = blank
    afterBlank = blank == nil ? [] : tokens.withoutDigit
    let gaps = tokens.gaps.filter { $0 != blank }
    let marked =
      silent + tokens.partial + tokens.rows + tokens.with(marksOutside: allowed)
      + (core.contains("  ") || core.contains("\t") ? [] : gaps)
      + (PassageTokens.isForeign(core + near) ? [] : tokens.foreign)
      + (PassageTokens.isAccented(core + near) ? [] : tokens.accented)
    // A small vocabulary may lack a token of the required form; ids without text stay banned.
    banned = tokens.leaves(marked) ? marked : silent
    let first = Self.bannedFirst(edges, tokens)
    bannedFirst = tokens.leaves(banned + first) ? first : []
  }

  private static func bannedFirst(_ edges: PassageEdges, _ tokens: PassageTokens) -> [Int] {
    var banned = edges.beginsWithBlank ? tokens.withoutBlank : tokens.withBlank
    let first = edges.core.first
    let beginsWithNumber = first.map { $0.isASCII && $0.isNumber } ?? false
    banned += tokens.blanks.filter { !beginsWithNumber || $0 != tokens.blank }
    if edges.beginsWord, !edges.beginsWithBlank, !(first?.isUppercase ?? false) {
      banned += tokens.fragments
    }
    let isCapital = first?.isUppercase ?? (edges.core.isEmpty && edges.beginsSentence)
    if isCapital, edges.beginsSentence || edges.beginsPart { banned += tokens.lowercase }
    if edges.beginsLine || edges.core.isEmpty || first?.isLetter ?? false {
      // No list number, no markup, no dash in place of a word.
      banned += tokens.withoutLetter.filter { token in
        !(first.map { tokens.begins(token, with: $0) } ?? false)
      }
    }
    return banned
  }

  static func ending(of core: String) -> Ending {
    let marks = core.reversed().prefix { closers.contains($0) || enders.contains($0) }
    if marks.contains(where: enders.contains), marks.count < core.count { return .sentence }
    guard let last = core.last, !last.isLetter, !last.isNumber, !closers.contains(last) else {
      return .word
    }
    return .mark(last)
  }

  static let enders: Set<Character> = [".", "!", "?", "…"]
  static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "]", "»", "*", "_"]

  func verdict(on tokens: [Int]) -> PassageVerdict {
    guard !tokens.isEmpty else { return .goesOn }
    let text = text(tokens)
    let words = Self.words(text)
    let isSentence = ending == .sentence
    if Self.loops(words) || (isSentence && neighbours.hasSentence(words)) || hasOpening(words) {
      return .broken
    }
    if ending == .word, !hasInnerEnd, Self.hasInnerEnd(text) { return .broken }
    let now = Balance(text)
    if now.isBroken(against: balance) { return .broken }
    guard let last = text.last, !last.isWhitespace, now == balance else { return .goesOn }
    if needsWord, !words.contains(where: { $0.count >= 3 }) { return .goesOn }
    if isSentence ? neighbours.nextSays(words) : neighbours.hasPart(words) { return .goesOn }
    switch ending {
    case .sentence:
      guard Self.endsSentence(text) else { return .goesOn }
      let isEnough = tokens.count >= enough && Self.sentenceCount(text) >= sentences
      return isEnough ? .ends : .mayEnd
    case .mark(let mark): return last == mark ? .mayEnd : .goesOn
    case .word:
      return last.isLetter || last.isNumber || Self.closers.contains(last) || last == "%"
        ? .mayEnd : .goesOn
    }
  }

  /// After a lone blank, all but digits. The last word of `opening`, if the passage begins
  /// with the words before it: nothing makes a text likelier than having occurred before.
  func banned(after tokens: [Int]) -> [Int] {
    if let blank, tokens.last == blank { return afterBlank }
    guard let last = opening.last, tokens.count == opening.count - 1,
      Self.words(text(tokens)) == Self.words(text(opening.dropLast()))
    else { return [] }
    return [last]
  }

  /// Whether a passage begins with the words of `opening`, in capitals or not.
  private func hasOpening(_ words: [String]) -> Bool {
    !openingWords.isEmpty && words.count > openingWords.count && words.starts(with: openingWords)
  }

  /// Tokens and words; empty if the old passage opens like that, too.
  private static func opening(
    of following: [Int], _ tokenizer: Tokenizer, unlike core: String
  ) -> ([Int], [String]) {
    let texts = following.map(tokenizer.text(of:))
    guard let start = texts.firstIndex(where: { $0.contains { !$0.isWhitespace } }) else {
      return ([], [])
    }
    // Where the second and the third word begin.
    let begins = texts.indices.filter { $0 > start && texts[$0].first == " " }
    guard begins.count >= 2 else { return ([], []) }
    let second = texts[begins[0]..<begins[1]].joined().count(where: \.isLetter)
    let last = second >= 4 ? 0 : 1
    let next = begins.count > last + 1 ? begins[last + 1] : texts.endIndex
    let opening = words(texts[start..<next].joined())
    return words(core).starts(with: opening)
      ? ([], []) : (Array(following[start...begins[last]]), opening)
  }

  func repeats(in tokens: [Int]) -> Int {
    let words = Self.words(text(tokens))
    let triples = Self.runs(words, of: 3)
    return triples.count - Set(triples).count + neighbours.copies(in: words)
      + neighbours.doubles(of: words)
  }

  func exchanges(_ old: Int, for token: Int, before next: Int?) -> Bool {
    let (a, b) = (tokenizer.text(of: old), tokenizer.text(of: token))
    func isWord(_ text: String) -> Bool {
      text.first == " " && text.dropFirst().allSatisfy { $0.isLetter || $0 == "'" }
        && text.count > 1
    }
    guard isWord(a), isWord(b) else { return false }
    let goesOn = next.map { tokenizer.text(of: $0).first?.isLetter ?? false } ?? false
    return !goesOn && a.dropFirst().first?.isUppercase == b.dropFirst().first?.isUppercase
  }

  private func text(_ tokens: some Sequence<Int>) -> String {
    var bytes: [UInt8] = []
    for token in tokens { bytes += tokenizer.bytes(of: token) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
