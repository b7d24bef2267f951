public import Transformers

/// A base and its adapter: what all passages of a document share. Confined to one engine.
public final class AdapterModel {
  public let base: ForwardModel
  public let adapter: Adapter
  let batch = AdapterBatch()
  /// The start token alone, for documents that begin with a passage.
  let start: CachedPrompt

  public init(_ base: ForwardModel, adapter: Adapter) {
    self.base = base
    self.adapter = adapter
    start = CachedPrompt([adapter.tokens.start], model: base.configuration)
  }

  public var transformer: Transformer { base.transformer }

  var head: LogitsHead { base.head }
}

/// Settings of a passage's predictor that are not the denoiser's business.
public struct AdapterOptions: Sendable, Equatable {
  /// Whether slots committed from the left become context of the base.
  public var commits: Bool
  /// Weight of the base's own prediction for the slot after the committed ones, 0..<1; needs
  /// `commits`.
  public var baseWeight: Float
  /// With fewer masked slots than this after the frontier the base's weight falls in proportion,
  /// to none for the last: the base does not know where the passage ends. 0 keeps the weight.
  public var baseFade: Int
  /// Ids never chosen, besides MASK.
  public var banned: [Int]
  /// A suffix of more tokens than this has its keys turned when the passage grows; a shorter one is
  /// computed again, which is exact.
  public var longestExactSuffix: Int

  public init(
    commits: Bool = true, baseWeight: Float = 0.5, baseFade: Int = 0,
    banned: [Int] = Array(0..<14),
    longestExactSuffix: Int = 64
  ) {
    self.commits = commits
    self.baseWeight = baseWeight
    self.baseFade = baseFade
    self.banned = banned
    self.longestExactSuffix = longestExactSuffix
  }
}
