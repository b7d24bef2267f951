/// Which part of a canvas is filled at a time.
public enum BlockOrder: Sendable, Equatable {
  /// All of it.
  case anywhere
  /// Block after block from the left, each of this many slots; `before` slots of the first block
  /// lie before the canvas. Semi-autoregressive decoding.
  case blocks(Int, before: Int = 0)

  /// The block after the first `end` slots of a canvas of `count`; nil at its end.
  func block(behind end: Int, count: Int) -> Range<Int>? {
    guard end < count else { return nil }
    switch self {
    case .anywhere: return end == 0 ? 0..<count : nil
    case .blocks(let length, let before):
      precondition(length > 0 && (0..<length).contains(before), "\(before) slots of \(length)")
      return end..<min(count, end + length - (end + before) % length)
    }
  }

  /// Blocks of a canvas of `count` slots.
  public func blockCount(_ count: Int) -> Int {
    switch self {
    case .anywhere: 1
    case .blocks(let length, let before): (count + before + length - 1) / length
    }
  }
}
