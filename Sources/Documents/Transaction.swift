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

  public init(replacing range: Range<Int>, with replacement: [UInt8]) {
    self.init([Edit(range: range, replacement: replacement)])
  }

  public init(replacing range: Range<Int>, with replacement: String) {
    self.init(replacing: range, with: Array(replacement.utf8))
  }

  public var isEmpty: Bool { edits.allSatisfy { $0.range.isEmpty && $0.replacement.isEmpty } }

  /// How much longer the text becomes.
  public var growth: Int { edits.reduce(0) { $0 + $1.growth } }

  /// Changes `text`. O(edits · log n + bytes).
  public func apply(to text: inout Text) {
    for edit in edits.reversed() {
      text.replace(edit.range, with: edit.replacement)
    }
  }

  /// What leads back from the result to `text`, the text this has not been applied to yet.
  /// O(edits · log n + bytes removed).
  public func inverted(in text: Text) -> Transaction {
    var shift = 0
    let inverse = edits.map { edit in
      let start = edit.range.lowerBound + shift
      shift += edit.growth
      return Edit(
        range: start..<start + edit.replacement.count, replacement: text.bytes(in: edit.range))
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
