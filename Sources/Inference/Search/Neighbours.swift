/// Text beside a passage that must not be repeated, unless the old passage repeats it. Without this
/// rule a search would copy it: nothing makes a text likelier than having occurred before.
struct Neighbours {
  /// Runs of four words near the passage.
  private let runs: Set<[String]>
  /// Words of the sentence after it.
  private var next: Set<String>
  /// Words of nearby items, headings and cells, if the passage is one, and its old words.
  private let siblings: Set<[String]>
  /// The words that a passage within a sentence stands between.
  private var before: String?
  private var after: String?
  /// Whether the old passage copies, too.
  private var allowsCopies = false

  init(_ edges: PassageEdges) {
    runs = Set(PassageRules.runs(PassageRules.words(edges.near), of: 4))
    let following = edges.suffix.drop(while: \.isWhitespace).prefix { !$0.isNewline }
    next = Set(PassagePlan.sentences(following).first.map(PassageRules.words) ?? [])
    siblings = Self.siblings(edges)
    let old = PassageRules.words(edges.core)
    if nextSays(old) { next = [] }
    let line = (before: edges.lineBefore, after: edges.suffix.prefix { !$0.isNewline })
    before =
      Self.isWord(line.before.last { $0 != " " })
      ? PassageRules.words(String(line.before)).last : nil
    after =
      Self.isWord(line.after.first { $0 != " " })
      ? PassageRules.words(String(line.after)).first : nil
    if doubles(of: old) > 0 { (before, after) = (nil, nil) }
    allowsCopies = copies(in: old) >= 2
  }

  /// Number of runs of four words that also occur near the passage.
  func copies(in words: [String]) -> Int {
    PassageRules.runs(words, of: 4).count(where: runs.contains)
  }

  /// Whether a sentence repeats nearby text: five words in a row, or four twice.
  func hasSentence(_ words: [String]) -> Bool { !allowsCopies && copies(in: words) >= 2 }

  /// Whether a sentence has little but the words of the next one.
  func nextSays(_ words: [String]) -> Bool {
    words.count >= 5 && 10 * words.count(where: next.contains) >= 7 * words.count
  }

  /// Whether an item or a cell is the same as another, or as it was.
  func hasPart(_ words: [String]) -> Bool { siblings.contains(words) }

  /// How many of the first and the last word repeat the word beside the passage.
  func doubles(of words: [String]) -> Int {
    guard let first = words.first, let last = words.last else { return 0 }
    let edges = [before.map { ($0, first) }, after.map { (last, $0) }]
    return edges.compactMap(\.self).count(where: PassageRules.isDoubled)
  }

  private static func isWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber } ?? false
  }

  private static func siblings(_ edges: PassageEdges) -> Set<[String]> {
    // The blank after a list's mark may belong to the passage's first token.
    let prefix = edges.prefix + (edges.takesBlank ? " " : "")
    let line = edges.lineBefore
    let isPart = line.contains("|") || PassagePlan.mark(of: line).contains { !$0.isWhitespace }
    guard isPart else { return [] }
    let near = prefix.suffix(PassageEdges.reach) + "\n" + edges.suffix.prefix(PassageEdges.reach)
    let parts = near.split(whereSeparator: \.isNewline).flatMap { line in
      line.dropFirst(PassagePlan.mark(of: line).count).split(separator: "|")
    }
    return Set(parts.map { PassageRules.words(String($0)) } + [PassageRules.words(edges.core)])
  }
}
