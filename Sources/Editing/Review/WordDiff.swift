internal import Infilling

/// How the words of a draft answer to the words of the original.
///
/// A word is the white space before it and the characters up to the next white space; words agree
/// when they do without their white space.
public struct WordDiff: Sendable, Equatable {
  /// Words of both sides that agree one by one, or a stretch that replaces another.
  public struct Hunk: Sendable, Equatable {
    public var original: Range<Int>
    public var draft: Range<Int>
    public var isSame: Bool
  }

  public let original: [String]
  public let draft: [String]
  /// In order; together they cover both sides.
  public let hunks: [Hunk]

  /// Words beyond which the middle of two texts is taken as one change.
  private static let mostCompared = 4000

  public init(original: String, draft: String) {
    self.init(original: Self.words(of: original), draft: Self.words(of: draft))
  }

  /// O(words * differences).
  public init(original: [String], draft: [String]) {
    self.original = original
    self.draft = draft
    let old = original.map { $0.drop(while: \.isWhitespace) }
    let new = draft.map { $0.drop(while: \.isWhitespace) }
    let (head, tail) = old.commonEnds(with: new)
    var removed = Set(head..<old.count - tail)
    var added = Set(head..<new.count - tail)
    if removed.count + added.count <= Self.mostCompared {
      let middle = new[head..<new.count - tail].difference(from: old[head..<old.count - tail])
      removed = Set(middle.removals.map { Self.offset(of: $0) + head })
      added = Set(middle.insertions.map { Self.offset(of: $0) + head })
    }
    hunks = Self.hunks(old.count, new.count, removed: removed, added: added)
  }

  private static func offset(of change: CollectionDifference<Substring>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }

  private static func hunks(
    _ old: Int, _ new: Int, removed: Set<Int>, added: Set<Int>
  ) -> [Hunk] {
    var hunks: [Hunk] = []
    var (one, other) = (0, 0)
    while one < old || other < new {
      let start = (one, other)
      while one < old, other < new, !removed.contains(one), !added.contains(other) {
        one += 1
        other += 1
      }
      if (one, other) != start {
        hunks.append(Hunk(original: start.0..<one, draft: start.1..<other, isSame: true))
        continue
      }
      while one < old, removed.contains(one) { one += 1 }
      while other < new, added.contains(other) { other += 1 }
      hunks.append(Hunk(original: start.0..<one, draft: start.1..<other, isSame: false))
    }
    return hunks
  }

  /// White space at the end of `text` belongs to its last word. O(text).
  public static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var hasBody = false
    for character in text {
      if character.isWhitespace, hasBody {
        words.append(word)
        word = ""
        hasBody = false
      }
      if !character.isWhitespace { hasBody = true }
      word.append(character)
    }
    if hasBody {
      words.append(word)
    } else if !words.isEmpty {
      words[words.count - 1] += word
    }
    return words
  }

  /// Words that only one side has.
  public var removedCount: Int { hunks.reduce(0) { $0 + ($1.isSame ? 0 : $1.original.count) } }
  public var addedCount: Int { hunks.reduce(0) { $0 + ($1.isSame ? 0 : $1.draft.count) } }

  /// Words of the original that the first `count` words of the draft replace. Within a change
  /// they answer one by one, and its last word of the original waits for its last word of the
  /// draft.
  public func originalWords(beforeDraft count: Int) -> Int {
    Self.answer(count, hunks.map { ($0.draft, $0.original, $0.isSame) })
  }

  /// The same from the other side.
  public func draftWords(beforeOriginal count: Int) -> Int {
    Self.answer(count, hunks.map { ($0.original, $0.draft, $0.isSame) })
  }

  private static func answer(
    _ count: Int, _ hunks: [(from: Range<Int>, to: Range<Int>, isSame: Bool)]
  ) -> Int {
    var answer = 0
    for (from, to, isSame) in hunks {
      guard from.lowerBound < count else { break }
      if from.upperBound <= count {
        answer = to.upperBound
      } else {
        let inside = count - from.lowerBound
        return to.lowerBound + (isSame ? inside : min(inside, max(0, to.count - 1)))
      }
    }
    return answer
  }
}

extension WordDiff {
  /// The original with the changed words of the draft in place of its own: white space between
  /// words that stay is kept as it is. O(words).
  public var mergedText: String {
    var words: [(blank: Substring, body: Substring)] = []
    func add(_ word: String, blankOf other: String?) {
      let blank = (other ?? word).prefix(while: \.isWhitespace)
      words.append((blank.isEmpty ? " " : blank, word.drop(while: \.isWhitespace)))
    }
    for hunk in hunks {
      if hunk.isSame {
        for word in original[hunk.original] { add(word, blankOf: nil) }
      } else {
        for (number, word) in draft[hunk.draft].enumerated() {
          let index = hunk.original.lowerBound + number
          add(word, blankOf: hunk.original.contains(index) ? original[index] : nil)
        }
      }
    }
    guard let first = words.first else { return "" }
    return words.dropFirst().reduce(into: String(first.body)) { $0 += $1.blank + $1.body }
  }
}
