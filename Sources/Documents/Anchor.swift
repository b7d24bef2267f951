/// A stretch of a document that stays with its text while the document is edited around it and in
/// it.
public struct AnchoredRange: Sendable, Equatable {
  public struct ID: Hashable, Sendable {
    let value: Int
  }

  public internal(set) var range: Range<Int>
  /// Where the start moves when text is inserted at it: `.right` leaves the text outside.
  public var startBias: Bias
  /// Where the end moves when text is inserted at it: `.left` leaves the text outside.
  public var endBias: Bias

  public init(_ range: Range<Int>, startBias: Bias = .right, endBias: Bias = .left) {
    self.range = range
    self.startBias = startBias
    self.endBias = endBias
  }

  /// Moves the range to where its text is after `transaction`. An empty range stays a point.
  public mutating func map(through transaction: Transaction) {
    let start = transaction.map(range.lowerBound, bias: startBias)
    let end = transaction.map(range.upperBound, bias: endBias)
    range = min(start, end)..<end
  }
}
