internal import RegularExpressions

/// The steps that cut text into the pieces inside which byte pairs are merged.
struct PreTokenizer: Sendable {
  /// What becomes of the matches of a split.
  enum Behavior: String, Sendable {
    case isolated = "Isolated"
    case removed = "Removed"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
  }

  enum Step: Sendable {
    /// Cuts every piece at the matches; with `inverted` the text between matches counts as the
    /// matches.
    case split(RegularExpression, Behavior, inverted: Bool)
    /// Puts a space before every piece that begins with none.
    case prefixSpace
  }

  var steps: [Step]

  /// The pattern of GPT-2, used by the step `ByteLevel` of tokenizer files.
  static let byteLevelPattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// Replaces `pieces` of `bytes` by the pieces they are cut into; prefixed spaces go into `bytes`.
  func split(_ bytes: inout [UInt8], _ pieces: inout [Range<Int>]) {
    for step in steps {
      switch step {
      case .split(let pattern, let behavior, let inverted):
        pieces = Self.split(bytes, pieces, pattern, behavior, inverted)
      case .prefixSpace: Self.prefix(&bytes, &pieces)
      }
    }
  }

  private static func prefix(_ bytes: inout [UInt8], _ pieces: inout [Range<Int>]) {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + pieces.count)
    for index in pieces.indices {
      let start = output.count
      if bytes[pieces[index].lowerBound] != 0x20 { output.append(0x20) }
      output += bytes[pieces[index]]
      pieces[index] = start..<output.count
    }
    bytes = output
  }

  private static func split(
    _ bytes: [UInt8], _ pieces: [Range<Int>], _ pattern: RegularExpression, _ behavior: Behavior,
    _ inverted: Bool
  ) -> [Range<Int>] {
    var output: [Range<Int>] = []
    output.reserveCapacity(pieces.count + bytes.count / 4)
    var cutter = PieceCutter(behavior: behavior, inverted: inverted)
    var current = 0
    if let first = pieces.first { cutter.begin(first) }
    pattern.forEachRange(in: bytes.span, pieces: pieces) { number, match in
      while current < number {
        cutter.finish(into: &output)
        current += 1
        cutter.begin(pieces[current])
      }
      cutter.add(match, into: &output)
    }
    while current < pieces.count {
      cutter.finish(into: &output)
      current += 1
      if current < pieces.count { cutter.begin(pieces[current]) }
    }
    return output
  }
}

/// Cuts one piece after another at matches that arrive in order.
private struct PieceCutter {
  let behavior: PreTokenizer.Behavior
  let inverted: Bool
  private var piece = 0..<0
  private var end = 0
  /// A match that may grow, or wait for the text after it.
  private var held: Range<Int>?
  /// The last text, which may take the match after it.
  private var text: Range<Int>?

  init(behavior: PreTokenizer.Behavior, inverted: Bool) {
    self.behavior = behavior
    self.inverted = inverted
  }

  mutating func begin(_ piece: Range<Int>) {
    self.piece = piece
    end = piece.lowerBound
    held = nil
    text = nil
  }

  mutating func add(_ match: Range<Int>, into output: inout [Range<Int>]) {
    if match.isEmpty { return }
    if end < match.lowerBound { put(end..<match.lowerBound, isMatch: inverted, &output) }
    put(match, isMatch: !inverted, &output)
    end = match.upperBound
  }

  mutating func finish(into output: inout [Range<Int>]) {
    if end < piece.upperBound { put(end..<piece.upperBound, isMatch: inverted, &output) }
    if let held { output.append(held) }
    if let text { output.append(text) }
    held = nil
    text = nil
  }

  private mutating func put(_ range: Range<Int>, isMatch: Bool, _ output: inout [Range<Int>]) {
    switch behavior {
    case .isolated: output.append(range)
    case .removed: if !isMatch { output.append(range) }
    case .contiguous:
      if isMatch {
        held = (held?.lowerBound ?? range.lowerBound)..<range.upperBound
      } else {
        if let held { output.append(held) }
        held = nil
        output.append(range)
      }
    case .mergedWithPrevious:
      if isMatch {
        output.append((text?.lowerBound ?? range.lowerBound)..<range.upperBound)
        text = nil
      } else {
        if let text { output.append(text) }
        text = range
      }
    case .mergedWithNext:
      if isMatch {
        if let held { output.append(held) }
        held = range
      } else {
        output.append((held?.lowerBound ?? range.lowerBound)..<range.upperBound)
        held = nil
      }
    }
  }
}
