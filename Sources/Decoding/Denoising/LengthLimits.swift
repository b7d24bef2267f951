/// How far a canvas may grow.
public struct LengthLimits: Sendable, Equatable {
  /// EXPAND is refused once the canvas has this many slots.
  public var length: Int
  /// EXPAND is refused once it was taken this often; nil sets no bound.
  public var expansions: Int?

  public init(length: Int, expansions: Int? = nil) {
    self.length = length
    self.expansions = expansions
  }
}
