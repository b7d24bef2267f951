internal import Denoising
internal import Tokenizers

/// The form of a passage, read off the words that it replaces and what stands around it: where it
/// may end, which marks it may have, what counts as repeating.
struct PassageRules: PassageForm {
  /// What the passage ends with.
  enum Ending: Equatable {
    /// `.`, `!`, `?`, `…`, quotes or brackets closed after it.
    case sentence
    /// This very mark.
    case mark(Character)
    /// A word: what follows goes on with it.
    case word
  }

  let banned: [Int]
  let bannedFirst: [Int]
  let stops: Set<Int>
  var endsWithMark: Bool { ending == .sentence }
  private let ending: Ending
  /// Sentences of the old passage, at least 1, and the tokens from which so many are enough.
  private let sentences: Int
  private let enough: Int
  /// Opening less closing brackets and quotes, as the old passage has them.
  private let balance: Balance
  private let around: Set<[String]>
  /// Whether a sentence ends inside the old passage.
  private let hasInnerEnd: Bool
  private let tokenizer: Tokenizer

  /// - Parameters:
  ///   - expected: the old passage's length in tokens.
  init(
    _ edges: PassageEdges, expected: Int, _ tokenizer: Tokenizer, _ tokens: PassageTokens,
    silent: [Int]
  ) {
    self.tokenizer = tokenizer
    let core = edges.core
    ending = Self.ending(of: core)
    hasInnerEnd = Self.hasInnerEnd(core)
    sentences = max(1, Self.sentenceCount(core))
    enough = max(1, expected * 6 / 10)
    balance = Balance(core)
    let near = edges.prefix.suffix(400) + " " + edges.suffix.prefix(400)
    let isWithinLine = !core.contains(where: \.isNewline)
    stops = isWithinLine ? tokens.lineBreaks : []
    var allowed = Set(core)
    allowed.formUnion(near.filter { "\"“”'’‘()0123456789$%&/".contains($0) })
    let marked =
      silent + tokens.partial + tokens.rows + tokens.with(marksOutside: allowed)
      + (core.contains("  ") || core.contains("\t") ? [] : tokens.gaps)
      + (PassageTokens.isForeign(core + near) ? [] : tokens.foreign)
    // A small vocabulary may have no token of the form wanted; what is no text stays banned.
    banned = tokens.leaves(marked) ? marked : silent
    let first = Self.bannedFirst(edges, tokens)
    bannedFirst = tokens.leaves(banned + first) ? first : []
    around = Set(Self.runs(Self.words(String(near)), of: 4))
  }

  private static func bannedFirst(_ edges: PassageEdges, _ tokens: PassageTokens) -> [Int] {
    var banned = edges.beginsWithBlank ? tokens.withoutBlank : tokens.withBlank
    banned += tokens.blanks
    let first = edges.core.first
    if edges.beginsSentence, first?.isUppercase ?? edges.core.isEmpty { banned += tokens.lowercase }
    if edges.beginsLine || edges.core.isEmpty || first?.isLetter ?? false {
      // No list number, no markup, no dash in the place of a word.
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

  private static let enders: Set<Character> = [".", "!", "?", "…"]
  private static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "]", "»", "*", "_"]

  func verdict(on tokens: [Int]) -> PassageVerdict {
    guard !tokens.isEmpty else { return .goesOn }
    let text = text(tokens)
    let words = Self.words(text)
    if Self.loops(words) { return .broken }
    if ending == .word, !hasInnerEnd, Self.hasInnerEnd(text) { return .broken }
    let now = Balance(text)
    if now.isBroken(against: balance) { return .broken }
    guard let last = text.last, !last.isWhitespace, now == balance else { return .goesOn }
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

  func repeats(in tokens: [Int]) -> Int {
    let words = Self.words(text(tokens))
    let triples = Self.runs(words, of: 3)
    let copied = Self.runs(words, of: 4).count(where: around.contains)
    return triples.count - Set(triples).count + copied
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

  private func text(_ tokens: [Int]) -> String {
    var bytes: [UInt8] = []
    for token in tokens { bytes += tokenizer.bytes(of: token) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

// MARK: - Words and sentences

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

  /// Whether the last word closes a triple that was there before, or says the word before again.
  static func loops(_ words: [String]) -> Bool {
    let count = words.count
    guard count >= 2 else { return false }
    if words[count - 1] == words[count - 2], words[count - 1] != "that", words[count - 1] != "had" {
      return true
    }
    guard count >= 4 else { return false }
    let last = words[(count - 3)...]
    return (0..<count - 3).contains { words[$0..<$0 + 3].elementsEqual(last) }
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

/// Brackets and quotes that are open at the end of a text.
struct Balance: Equatable {
  private var round = 0
  private var square = 0
  private var curly = 0
  private var quotes = 0
  private var straight = false

  init(_ text: String) {
    for character in text {
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

  /// Whether more was closed than `other` closes: nothing that follows mends it.
  func isBroken(against other: Balance) -> Bool {
    round < min(0, other.round) || square < min(0, other.square) || curly < min(0, other.curly)
      || quotes < min(0, other.quotes)
  }
}
