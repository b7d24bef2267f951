/// One replacement: the bytes of `range` become `replacement`.
public struct Edit: Sendable, Equatable {
  public var range: Range<Int>
  public var replacement: [UInt8]

  public init(range: Range<Int>, replacement: [UInt8]) {
    self.range = range
    self.replacement = replacement
  }

  public init(range: Range<Int>, replacement: String) {
    self.init(range: range, replacement: Array(replacement.utf8))
  }

  /// Change of the text's length in bytes.
  var growth: Int { replacement.count - range.count }
}

/// The side to which a position moves when text is inserted at it, or when the text around it is
/// replaced.
public enum Bias: Sendable, Equatable {
  case left, right
}
