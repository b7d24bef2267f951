internal import Decoding
internal import Tokenizers

/// The form of a passage that is rewritten by instruction: drafts are answers in a conversation,
/// begin a line there and end with their turn.
struct InstructedRules: PassageForm {
  let banned: [Int]
  let bannedFirst: [Int]
  let stops: Set<Int>
  /// The token that ends an answer, or the sentence of an answer that shall be part of one.
  let end: Int
  var endsWithMark: Bool { rules.endsWithMark }
  let lastResort: [Int]?
  private let rules: PassageRules
  private let wish: RewriteWish
  private let old: PassageContent
  private let core: String
  private let beginsWithBlank: Bool
  private let tokenizer: Tokenizer
  /// Words of the old passage that the user has pinned.
  private let pinned: [String]

  /// - Parameters:
  ///   - ends: tokens that end an answer.
  ///   - original: the tokens of the old passage in the document.
  init(
    _ edges: PassageEdges, _ wish: RewriteWish, original: [Int], _ tokenizer: Tokenizer,
    _ tokens: PassageTokens, silent: [Int], ends: Set<Int>, pinned: [String] = []
  ) {
    var answer = edges
    answer.takesBlank = false
    answer.addsBlank = false
    rules = PassageRules(
      answer, expected: original.count, tokenizer, tokens,
      silent: silent.filter { !ends.contains($0) })
    banned = rules.banned
    var first = rules.bannedFirst
    if edges.core.first?.isLowercase ?? false {
      first += tokens.withoutBlank.filter { tokenizer.text(of: $0).first?.isUppercase ?? false }
    }
    bannedFirst = first
    stops = rules.stops.union(ends)
    // An answer ends as a sentence does, even where a word or two were asked for.
    let isWord = PassageRules.ending(of: edges.core) == .word
    end = (isWord ? tokenizer.encode(".").first : nil) ?? ends.min() ?? 0
    lastResort = original
    old = PassageContent(edges.core)
    core = edges.core.lowercased()
    beginsWithBlank = edges.beginsWithBlank
    self.wish = wish
    self.tokenizer = tokenizer
    self.pinned = pinned
  }

  func verdict(on tokens: [Int]) -> PassageVerdict {
    if isTalk(text(tokens)) { return .broken }
    let verdict = rules.verdict(on: tokens)
    return verdict == .ends ? .mayEnd : verdict
  }

  func banned(after tokens: [Int]) -> [Int] { rules.banned(after: tokens) }

  func repeats(in tokens: [Int]) -> Int { rules.repeats(in: tokens) }

  /// A word's neighbours do not know the instruction.
  func exchanges(_ old: Int, for token: Int, before next: Int?) -> Bool { false }

  /// Cost of a draft: its distance from the instruction and from the content of the old passage,
  /// and its unlikelihood as an answer.
  func cost(of tokens: [Closing.Token]) -> Float {
    let text = text(tokens.map(\.id))
    let new = PassageContent(text)
    let mean = tokens.reduce(0) { $0 + $1.surprise } / Float(max(1, tokens.count))
    let lost = pinned.count { !text.contains($0) }
    return wish.cost(of: new, for: old) + 8 * Float(new.strayFacts(from: old))
      + 4 * Float(new.turns(from: old)) + 8 * Float(lost) + 4 * mean
  }

  /// A name or number of the old passage, or a word that the user has pinned.
  func lacks(in tokens: [Int]) -> Bool {
    let text = text(tokens)
    return PassageContent(text).strayFacts(from: old) > 0
      || pinned.contains { !text.contains($0) }
  }

  /// The draft's text in the tokens that it has after the text before the passage.
  func inPlace(_ tokens: [Closing.Token]) -> [Closing.Token] {
    let ids = tokens.map(\.id)
    let placed = tokenizer.encode((beginsWithBlank ? " " : "") + text(ids))
    let common = zip(ids.reversed(), placed.reversed()).prefix { $0 == $1 }.count
    let surprise = tokens.reduce(0) { $0 + $1.surprise } / Float(max(1, tokens.count))
    return placed.dropLast(common).map { Closing.Token(id: $0, surprise: surprise) }
      + tokens.suffix(common)
  }

  private func text(_ tokens: [Int]) -> String {
    var bytes: [UInt8] = []
    for token in tokens { bytes += tokenizer.bytes(of: token) }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Talk

  /// Whether a draft talks about the text instead of being it: an announcement, a label, the whole
  /// in quotes, a remark on the changes.
  private func isTalk(_ text: String) -> Bool {
    let text = text.lowercased().replacing("’", with: "'")
    if let first = text.first, "\"'“‘`".contains(first), first != core.first { return true }
    if text.contains(":"), !core.contains(":") { return true }
    return Self.openings.contains { text.hasPrefix($0) && !core.hasPrefix($0) }
      || Self.remarks.contains { text.contains($0) && !core.contains($0) }
  }

  private static let openings = [
    "sure", "certainly", "of course", "absolutely", "here is", "here's", "here are", "i'm sorry",
    "sorry", "i apologize", "as an ai", "hi ", "hi,", "hey", "hello", "dear ", "yes,", "no,",
    "that's correct", "a shorter", "a more", "let me",
  ]

  private static let remarks = [
    "the text", "this text", "your text", "original text", "revised", "rewritten", "rewrite",
    "this version", "shorter version", "the sentence", "this sentence", "your sentence", "rephrase",
    "grammar", "grammatical", "original sentence", "ai assistant", "simpler words", "simpler terms",
    "simple terms", "i can't", "i cannot", "language model", "how can i help", "please provide",
  ]
}
