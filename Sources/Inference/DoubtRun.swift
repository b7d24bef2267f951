internal import Decoding
public import Infilling
internal import Strings
internal import Tokenizers
internal import Transformers

/// Scores the words of a request, a batch at a time. The text is cut into windows of tokens that
/// fit the model; each has some text before its first word.
struct DoubtRun {
  private(set) var doubts: [WordDoubt]
  private(set) var cost = PassCost()
  private let tokenizer: Tokenizer
  private var windows: ArraySlice<Window>
  private var scorer: (any SpanScorer)?
  private let makeScorer: ([Int], [Range<Int>]) throws -> any SpanScorer

  /// Words with their places in the tokens of a window.
  private struct Window {
    var tokens: [Int]
    var spans: [Range<Int>]
    var words: [Word]
  }

  /// A word in the tokens it is part of.
  private struct Word {
    /// Index in the request.
    var index: Int
    /// Bytes of its tokens before the word, of it and after it.
    var lead: [UInt8]
    var text: [UInt8]
    var tail: [UInt8]
  }

  /// Tokens after the last word of a window.
  private static let right = 64
  private static let alternatives = 5

  /// - Parameters:
  ///   - lead: tokens that every window begins with.
  ///   - limit: tokens of a window.
  ///   - makeScorer: a scorer of spans of a window's tokens.
  init(
    _ request: DoubtRequest, tokenizer: Tokenizer, lead: [Int] = [], limit: Int,
    makeScorer: @escaping ([Int], [Range<Int>]) throws -> any SpanScorer
  ) {
    self.tokenizer = tokenizer
    self.makeScorer = makeScorer
    precondition(
      zip(request.words, request.words.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound },
      "words that are doubted are in order and do not overlap")
    doubts = request.words.map { _ in WordDoubt(probability: 1) }
    windows = []
    let bytes = Array(request.text.utf8)
    let block = max(256, min(4096, 2 * limit))
    var rest = request.words.enumerated().filter {
      $0.element.lowerBound >= 0 && $0.element.upperBound <= bytes.count && !$0.element.isEmpty
    }[...]
    // The window of a word depends on its place alone, so that a request with other words gets the
    // same answer from cached text.
    while let first = rest.first {
      let start = first.element.lowerBound / block * block
      let words = rest.prefix { $0.element.lowerBound < start + block }
      rest = rest.dropFirst(words.count)
      let region =
        Self.start(
          bytes, before: start, left: block / 4)..<Self.scalar(
          bytes,
          max(
            words.last?.element.upperBound ?? 0, min(bytes.count, start + block + 4 * Self.right)))
      windows += self.windows(
        words.map { ($0.offset, $0.element) }, bytes: bytes, region, lead: lead, limit: limit)
    }
  }

  /// The windows of words in a region of the text: one, unless its tokens are too many.
  private func windows(
    _ words: [(index: Int, range: Range<Int>)], bytes: [UInt8], _ region: Range<Int>, lead: [Int],
    limit: Int
  ) -> [Window] {
    let ids = tokenizer.encode(String(decoding: bytes[region], as: UTF8.self))
    var ends: [Int] = []
    var end = region.lowerBound
    for id in ids {
      end += tokenizer.bytes(of: id).count
      ends.append(end)
    }
    // A tokenizer that rewrites text has no places in it.
    guard end == region.upperBound else { return [] }
    var token = 0
    var places: [(span: Range<Int>, word: Word)] = []
    for (index, word) in words {
      while ends[token] <= word.lowerBound { token += 1 }
      let start = token
      while ends[token] < word.upperBound { token += 1 }
      let begin = start == 0 ? region.lowerBound : ends[start - 1]
      places.append(
        (
          start..<token + 1,
          Word(
            index: index, lead: Array(bytes[begin..<word.lowerBound]),
            text: Array(bytes[word]), tail: Array(bytes[word.upperBound..<ends[token]]))
        ))
    }
    let room = max(8, limit - lead.count)
    var windows: [Window] = []
    var rest = places[...]
    while let first = rest.first {
      let start = ids.count <= room ? 0 : max(0, first.span.lowerBound - room / 4)
      let part = rest.prefix { $0.span.upperBound <= max(start + room, first.span.upperBound) }
      rest = rest.dropFirst(part.count)
      let last = part.last?.span.upperBound ?? start
      let shift = lead.count - start
      windows.append(
        Window(
          tokens: lead + ids[start..<max(last, min(ids.count, last + Self.right, start + room))],
          spans: part.map { $0.span.lowerBound + shift..<$0.span.upperBound + shift },
          words: part.map(\.word)))
    }
    return windows
  }

  /// Where the text read before `block` begins: at a line if one begins near.
  private static func start(_ bytes: [UInt8], before block: Int, left: Int) -> Int {
    let start = block - left
    guard start > 0 else { return 0 }
    let line = bytes[start..<block - left / 2].firstIndex(of: UInt8(ascii: "\n"))
    return line.map { $0 + 1 } ?? scalar(bytes, start)
  }

  /// The first scalar that begins at or after `offset`.
  private static func scalar(_ bytes: [UInt8], _ offset: Int) -> Int {
    var offset = offset
    while offset < bytes.count, bytes[offset].isUTF8Continuation { offset += 1 }
    return offset
  }

  /// Scores the next batch; false once all words are scored.
  mutating func advance() throws -> Bool {
    guard let window = windows.first else { return false }
    var scorer = try self.scorer ?? makeScorer(window.tokens, window.spans)
    let before = scorer.cost
    let scores = try scorer.next()
    cost.forwardPasses += scorer.cost.forwardPasses - before.forwardPasses
    cost.tokens += scorer.cost.tokens - before.tokens
    self.scorer = scorer
    guard let scores else {
      self.scorer = nil
      windows.removeFirst()
      return !windows.isEmpty
    }
    for score in scores {
      let word = window.words[score.index]
      doubts[word.index] = WordDoubt(
        probability: geometricMean(
          sum: score.logProbabilities.reduce(0, +), count: score.logProbabilities.count),
        alternatives: alternatives(score.alternatives, for: word))
    }
    return true
  }

  /// The tokens that form another word in place of `word`.
  private func alternatives(_ found: [SpanScore.Alternative], for word: Word)
    -> [InfillAlternative]
  {
    var alternatives: [InfillAlternative] = []
    let own = String(decoding: word.text, as: UTF8.self)
    for candidate in found where alternatives.count < Self.alternatives {
      let bytes = candidate.tokens.flatMap { tokenizer.bytes(of: $0) }
      guard bytes.count > word.lead.count + word.tail.count, bytes.starts(with: word.lead),
        bytes.suffix(word.tail.count).elementsEqual(word.tail),
        let text = String(
          validating: bytes.dropFirst(word.lead.count).dropLast(word.tail.count), as: UTF8.self),
        text != own, Self.isWord(text) || !Self.isWord(own),
        !text.contains(where: \.isWhitespace),
        !alternatives.contains(where: { $0.text == text })
      else { continue }
      alternatives.append(
        InfillAlternative(
          token: candidate.tokens[0], text: text, probability: candidate.probability))
    }
    return alternatives
  }

  private static func isWord(_ text: String) -> Bool {
    text.first.map { $0.isLetter || $0.isNumber } ?? false
      && text.allSatisfy { $0.isLetter || $0.isNumber || "'’-".contains($0) }
  }
}

/// Scores of words, and the work done.
public struct DoubtReport: Sendable, Equatable {
  /// In the order of the request's words.
  public var doubts: [WordDoubt]
  public var forwardPasses: Int
  /// Rows of these passes, the text before the words included.
  public var tokens: Int
  /// Time the engine worked on it.
  public var milliseconds: Double
}
