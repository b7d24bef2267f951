public import Transformers

/// A masked-diffusion model and the heads that make its logits: what all passages of a document
/// share. Confined to one engine.
public final class DiffusionModel {
  public let transformer: Transformer
  public let traits: DiffusionTraits
  let head: LogitsHead
  /// Of passes without the tokens that are given.
  let unguided: LogitsHead

  /// Throws `DiffusionError` for a model that was not trained to fill masks.
  public convenience init(_ transformer: Transformer) throws {
    guard let traits = transformer.configuration.diffusion else {
      throw DiffusionError(
        "\(transformer.configuration.family) models write from left to right and fill no masks")
    }
    self.init(transformer, traits)
  }

  /// With traits other than the configuration's.
  init(_ transformer: Transformer, _ traits: DiffusionTraits) {
    self.transformer = transformer
    self.traits = traits
    head = LogitsHead(transformer)
    unguided = LogitsHead(transformer)
  }
}
