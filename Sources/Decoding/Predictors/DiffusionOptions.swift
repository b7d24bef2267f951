public import DecodingPolicies
internal import Transformers

/// How the passes over a whole sequence are made.
public struct DiffusionOptions: Sendable, Equatable {
  public var cache: CachePolicy
  /// Classifier-free guidance: logits become u + (1 + scale) · (l − u), where u comes from a second
  /// pass with all given tokens masked, or without the instruction. 0 makes no second pass.
  public var guidance: Float
  /// Tokens of the prefix that guidance leaves out in its second pass; nil masks all that is given.
  public var instruction: Range<Int>?
  /// Ids never chosen.
  public var banned: [Int]
  /// What is taken off the logits of ids, such as that of the end of the text (`eos_penalty` of
  /// Dream-Coder).
  public var penalties: [Int: Float] = [:]
  /// Filters by rank and probability of the distribution that tokens are drawn from.
  public var sampling = SamplingOptions.greedy
  /// Tokens of a block of a block-causal model; nil is what its configuration says.
  public var blockLength: Int?

  public init(
    cache: CachePolicy = .none, guidance: Float = 0, instruction: Range<Int>? = nil,
    banned: [Int] = [], blockLength: Int? = nil
  ) {
    self.cache = cache
    self.guidance = guidance
    self.instruction = instruction
    self.banned = banned
    self.blockLength = blockLength
  }
}

/// A way to decode that a model cannot take.
public struct DiffusionError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

extension DiffusionOptions {
  /// Throws for options that do not apply to a model.
  func check(_ traits: DiffusionTraits) throws(DiffusionError) {
    if cache == .twoSided {
      throw DiffusionError(
        """
        the context of this model sees the passage and changes with each of its words; a two-sided \
        cache is for models with an adapter
        """)
    }
    switch traits.attention {
    case .bidirectional:
      if guidance != 0 && cache != .none {
        throw DiffusionError(
          "guidance compares two whole passes, so it cannot be combined with a cache")
      }
      if case .dual(let refresh?) = cache, refresh < 1 {
        throw DiffusionError("a cache is refreshed after at least 1 step, not \(refresh)")
      }
      if blockLength != nil {
        throw DiffusionError("this model has full attention and no blocks")
      }
    case .blockCausal:
      if case .dual = cache {
        throw DiffusionError(
          """
          this model does not see the text after a block, so it has nothing to cache there; a dual \
          cache is for models of full attention
          """)
      }
    case .causalContext:
      if case .dual = cache {
        throw DiffusionError(
          "this model encodes the text before a block causally; the text after it is never cached")
      }
    }
  }
}
