internal import Decoding
internal import Infilling

/// A passage as canvases that are filled one after the other: one, unless it is too long. A part
/// sees the new text of the parts before it and the old text of those after it.
struct PassageParts {
  struct Part {
    var canvas: Canvas
    /// Tokens of the passage in whose place it is filled.
    var original: Range<Int>
    /// Part of the passage's slots, 0...1.
    var share: Double
  }

  /// A part with the tokens around it.
  struct Request {
    var prefix: [Int]
    var suffix: [Int]
    var part: Part
  }

  private(set) var parts: [Part]

  /// Tokens of a part of a long passage, at most.
  static let length = 64

  /// - Parameters:
  ///   - canvas: where to start; nil is masks.
  ///   - original: the passage's tokens.
  ///   - limit: the most slots that one canvas may begin with.
  ///   - isEnd: whether a part may well end with a token.
  ///   - slots: number of masks for a number of tokens.
  init(
    canvas: Canvas?, original: [Int], limit: Int, isEnd: (Int) -> Bool, slots: (Int) -> Int
  ) {
    if let canvas {
      parts = Self.cut(canvas, original: original.count, limit: limit)
      return
    }
    let whole = slots(original.count)
    guard whole > limit else {
      parts = [Part(canvas: Canvas(masks: whole), original: 0..<original.count, share: 1)]
      return
    }
    let length = min(Self.length, max(1, limit / 2))
    // Equal parts if the passage is empty, or far more slots are wanted than it has tokens.
    guard whole < 2 * original.count else {
      parts = Self.cut(Canvas(masks: whole), original: original.count, limit: length)
      return
    }
    parts = []
    var start = 0
    while start < original.count {
      let end = Self.end(of: original[start...], length: length, isEnd: isEnd)
      let count = max(1, whole * end / original.count - whole * start / original.count)
      parts.append(
        Part(
          canvas: Canvas(masks: count), original: start..<end,
          share: Double(end - start) / Double(original.count)))
      start = end
    }
  }

  /// The last good place to cut in the second half of `length` tokens, or there.
  private static func end(of tokens: ArraySlice<Int>, length: Int, isEnd: (Int) -> Bool) -> Int {
    let hard = tokens.startIndex + length
    guard hard < tokens.endIndex else { return tokens.endIndex }
    let last = (hard - length / 2..<hard).last { isEnd(tokens[$0]) }
    return last.map { $0 + 1 } ?? hard
  }

  /// A canvas that may grow to twice a part's length stays whole up to twice the limit.
  private static func cut(_ canvas: Canvas, original: Int, limit: Int) -> [Part] {
    let count = canvas.count
    guard limit < (count + 1) / 2 else {
      return [Part(canvas: canvas, original: 0..<original, share: 1)]
    }
    let pieces = (count + length - 1) / length
    return (0..<pieces).map { index in
      let slots = count * index / pieces..<count * (index + 1) / pieces
      return Part(
        canvas: Canvas(Array(canvas.slots[slots])),
        original: original * index / pieces..<original * (index + 1) / pieces,
        share: Double(slots.count) / Double(count))
    }
  }
}
