/// Which keys and values a step takes from an earlier pass instead of computing them.
public enum CachePolicy: Sendable, Equatable {
  /// None: every step runs all tokens.
  case none
  /// Those of the tokens before the block. Exact where tokens do not see what follows their
  /// block; else an approximation, refreshed at the first step of a block (Fast-dLLM's prefix
  /// cache).
  case prefix
  /// Those of all tokens outside the block, refreshed at the first step of a block and after every
  /// `refresh` steps; nil is never else (Fast-dLLM's dual cache).
  case dual(refresh: Int?)
  /// Those of both sides of a passage, which do not see it, so that they are exact: models with an
  /// adapter (`AdapterPredictor`), and no others.
  case twoSided
}
