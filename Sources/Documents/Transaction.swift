/// Edits that happen at once. Ranges are offsets into the text before any of them, in ascending
/// order and without overlap; an insertion may touch its neighbours.
public struct Transaction: Sendable, Equatable {
  public private(set) var edits: [Edit]

  /// Traps unless the ranges ascend without overlap.
  public init(_ edits: [Edit]) {
    for (edit, next) in zip(edits, edits.dropFirst()) {
      precondition(
        edit.range.upperBound <= next.range.lowerBound,
        "edits overlap or descend: \(edit.range), \(next.range)")
    }
    self.edits = edits
  }

  /// Edits from outside the program, for a text of `count` bytes; nil unless the ranges ascend without
  /// overlap and are in the text.
  init?(_ edits: [Edit], of count: Int) {
    var end = 0
    for edit in edits {
      guard edit.range.lowerBound >= end, edit.range.upperBound <= count else { return nil }
      end = edit.range.upperBound
    }
    self.edits = edits
  }

  public init(replacing range: Range<Int>, with replacement: [UInt8]) {
    self.init([Edit(range: range, replacement: replacement)])
  }

  public init(replacing range: Range<Int>, with replacement: String) {
    self.init(replacing: range, with: Array(replacement.utf8))
  }

  public var isEmpty: Bool { edits.allSatisfy { $0.range.isEmpty && $0.replacement.isEmpty } }

  /// Change of the text's length in bytes.
  public var growth: Int { edits.reduce(0) { $0 + $1.growth } }

  /// Edits with no more bytes between them than this are one replacement of a text, up to a size.
  private static let reach = 4 * Text.chunkLimit
  private static let largestReplacement = 1 << 20

  /// Changes `text`. O(edits · log n + bytes).
  public func apply(to text: inout Text) {
    var end = edits.count
    while end > 0 {
      var first = end - 1
      let upper = edits[first].range.upperBound
      while first > 0,
        edits[first].range.lowerBound - edits[first - 1].range.upperBound <= Transaction.reach,
        upper - edits[first - 1].range.lowerBound <= Transaction.largestReplacement
      {
        first -= 1
      }
      Transaction.apply(edits[first..<end], to: &text)
      end = first
    }
  }

  private static func apply(_ edits: ArraySlice<Edit>, to text: inout Text) {
    guard let first = edits.first, let last = edits.last else { return }
    let range = first.range.lowerBound..<last.range.upperBound
    guard edits.count > 1 else { return text.replace(range, with: first.replacement) }
    let old = text.bytes(in: range)
    var new: [UInt8] = []
    new.reserveCapacity(edits.reduce(old.count) { $0 + $1.growth })
    var kept = 0
    for edit in edits {
      new += old[kept..<edit.range.lowerBound - range.lowerBound]
      new += edit.replacement
      kept = edit.range.upperBound - range.lowerBound
    }
    text.replace(range, with: new)
  }

  /// The inverse: from the result back to `text`, to which this has not been applied yet.
  /// O(edits · log n + bytes removed).
  public func inverted(in text: Text) -> Transaction {
    var shift = 0
    // A replacement that recurs is kept once.
    var latest: [UInt8] = []
    let inverse = edits.map { edit in
      let start = edit.range.lowerBound + shift
      shift += edit.growth
      let removed = text.bytes(in: edit.range)
      if removed != latest { latest = removed }
      return Edit(range: start..<start + edit.replacement.count, replacement: latest)
    }
    return Transaction(inverse)
  }

  /// Where a position of the old text is in the new one. At an insertion, and inside text
  /// that is replaced, `bias` decides between its start and its end; the ends of a replaced range
  /// stay the ends. Monotonic in `offset`. O(edits).
  public func map(_ offset: Int, bias: Bias) -> Int {
    var shift = 0
    for edit in edits {
      if offset < edit.range.lowerBound { break }
      if offset == edit.range.lowerBound {
        if !edit.range.isEmpty || bias == .left { break }
      } else if offset < edit.range.upperBound {
        let start = edit.range.lowerBound + shift
        return bias == .left ? start : start + edit.replacement.count
      }
      shift += edit.growth
    }
    return offset + shift
  }
}
