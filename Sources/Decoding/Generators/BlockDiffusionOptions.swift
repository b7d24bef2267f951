public import DecodingPolicies

/// How `BlockDiffusionGenerator` fills its blocks.
public struct BlockDiffusionOptions: Sendable, Equatable {
  /// What a block begins with.
  public enum Seed: Sendable, Equatable {
    /// The token that the causal model predicts after the text before.
    case nextToken
    /// Masks alone.
    case masks
  }

  /// Slots of a block.
  public var blockLength: Int
  /// Which masks a step fills; steps count within one block.
  public var unmasking: UnmaskingPolicy
  public var confidence: Confidence
  public var seed: Seed
  /// Whether the row before a slot predicts it, the last row of the text before the first slot.
  public var shiftsLogits: Bool
  /// Whether prompt and finished blocks are read causally; else each is seen both ways.
  public var readsCausally: Bool
  /// Whether a block is left once it has a stop token with no mask before it.
  public var leavesBlockAtStop: Bool
  /// Whether the last block is read too, for a caller that continues from its keys and values.
  public var readsLastBlock: Bool

  public init(
    blockLength: Int = 32, unmasking: UnmaskingPolicy = .threshold(0.9, always: .best),
    confidence: Confidence = .probability, seed: Seed = .nextToken, shiftsLogits: Bool = false,
    readsCausally: Bool = true, leavesBlockAtStop: Bool = true, readsLastBlock: Bool = false
  ) {
    precondition(blockLength >= 1, "blocks of \(blockLength)")
    self.blockLength = blockLength
    self.unmasking = unmasking
    self.confidence = confidence
    self.seed = seed
    self.shiftsLogits = shiftsLogits
    self.readsCausally = readsCausally
    self.leavesBlockAtStop = leavesBlockAtStop
    self.readsLastBlock = readsLastBlock
  }
}
