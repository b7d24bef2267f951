/// Ids with a part to play in prompts and decoding, as far as a checkpoint names them.
public struct SpecialTokens: Sendable, Equatable {
  public var beginning: Int?
  public var end: Int?
  public var padding: Int?
  public var unknown: Int?
  public var mask: Int?
  /// Everything that ends a text or a turn, `end` included.
  public var stops: Set<Int> = []

  public init() {}
}

extension SpecialTokens {
  /// Spellings that stop generation where a vocabulary has them as special tokens.
  static let stopSpellings = [
    "<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<|end_of_text|>", "</s>", "<|role_end|>",
    "<|eom_id|>",
  ]

  /// Spellings of mask tokens in published diffusion checkpoints, for files that name none.
  static let maskSpellings = [
    "<|mask|>", "|<MASK>|", "<|MASK|>", "<|mdm_mask|>", "[MASK]", "<mask>",
  ]
}
