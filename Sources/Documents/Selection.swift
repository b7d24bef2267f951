/// A cursor, or a stretch of text with the cursor at one end. Offsets of bytes.
public struct Selection: Sendable, Equatable {
  /// The end that stays when the selection is extended.
  public var anchor: Int
  /// The end that moves: the cursor.
  public var head: Int

  public init(anchor: Int, head: Int) {
    self.anchor = anchor
    self.head = head
  }

  /// A cursor.
  public init(_ offset: Int) {
    self.init(anchor: offset, head: offset)
  }

  public var range: Range<Int> { min(anchor, head)..<max(anchor, head) }

  public var isEmpty: Bool { anchor == head }

  /// The selection in the text after `transaction`; a cursor goes after what is inserted at it.
  public func mapped(through transaction: Transaction) -> Selection {
    guard !isEmpty else { return Selection(transaction.map(head, bias: .right)) }
    let start = transaction.map(range.lowerBound, bias: .right)
    let end = max(start, transaction.map(range.upperBound, bias: .left))
    return anchor < head
      ? Selection(anchor: start, head: end) : Selection(anchor: end, head: start)
  }
}
