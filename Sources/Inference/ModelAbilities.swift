public import Checkpoints
public import DecodingPolicies
public import Tokenizers
public import Transformers

/// What can be done with a checkpoint, by its family and what lies beside it. Loaders, commands and
/// listings all ask here.
public struct ModelAbilities: Sendable, Equatable {
  /// Ways to continue a prompt.
  public var modes: [DecodingMode]
  /// Whether passages are found by search: whether text is scored from left to right.
  public var searches: Bool
  /// Whether masks between two texts can be filled.
  public var fillsMasks: Bool
  /// Whether a passage may end up longer or shorter than it began.
  public var variesLength: Bool
  /// Whether it has a vision tower.
  public var seesPictures: Bool

  /// - Parameters:
  ///   - hasAdapter: whether an adapter for passages goes with the checkpoint.
  ///   - lengthTokens: those of the checkpoint.
  public init(_ model: ModelConfiguration, hasAdapter: Bool, lengthTokens: LengthTokens?) {
    fillsMasks = hasAdapter || model.diffusion != nil
    variesLength = !fillsMasks || hasAdapter || lengthTokens != nil
    seesPictures = model.vision != nil
    searches =
      switch model.diffusion?.attention {
      case nil, .causalContext: true
      case .blockCausal, .bidirectional: false
      }
    modes =
      switch model.diffusion?.attention {
      case nil: [.autoregressive, .selfSpeculation]
      case .causalContext: [.autoregressive, .diffusion, .selfSpeculation, .quadratic]
      case .blockCausal, .bidirectional: [.diffusion]
      }
  }

  /// Those of a checkpoint on disk, whose headers and tokenizer are read.
  public init(_ checkpoint: Checkpoint, _ model: ModelConfiguration) throws {
    let tokens =
      model.diffusion == nil
      ? nil : LengthTokens(model, try Tokenizer(checkpoint, rows: model.vocabularySize))
    self.init(model, hasAdapter: ModelSource.hasAdapter(checkpoint), lengthTokens: tokens)
  }

  /// Why a mode does not apply, as the end of a sentence; nil if it does.
  public func refusal(of mode: DecodingMode, family: String) -> String? {
    if modes.contains(mode) { return nil }
    let others =
      modes.isEmpty
      ? "it only fills passages, see `palimpsest fill`"
      : "its modes are \(modes.map(\.name).joined(separator: ", "))"
    let reason =
      switch mode {
      case .autoregressive:
        "was not trained to predict the next token from the tokens before it alone"
      case .diffusion: "was not trained to fill blocks of masks"
      case .search: "has no text after a prompt to search towards"
      case .selfSpeculation: "has no causal mode to verify a draft"
      case .quadratic: "does not have both a causal and a diffusion mode"
      }
    return "\(family) \(reason); \(others)"
  }
}

/// The tokens by which a diffusion model makes a passage longer or shorter. DreamOn deletes a slot
/// with the token that ends a text, and has another token to expand one.
public struct LengthTokens: Sendable, Equatable {
  /// "Two slots are needed here."
  public var expand: Int
  /// "This slot is surplus."
  public var delete: Int

  /// Nil for a model of passages of fixed length.
  public init?(_ model: ModelConfiguration, _ tokenizer: Tokenizer) {
    guard let traits = model.diffusion,
      let expand = traits.expandToken ?? tokenizer.id(of: "<|expand|>"),
      let delete = tokenizer.special.end ?? model.endTokens.first
    else { return nil }
    self.expand = expand
    self.delete = delete
  }
}
