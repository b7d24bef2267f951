public import Transformers

/// A masked-diffusion model: what all passages of a document share. Confined to one engine.
public final class DiffusionModel {
  public let model: ForwardModel
  public let traits: DiffusionTraits
  /// Of passes without the tokens that are given.
  let unguided: LogitsHead

  /// Throws `DiffusionError` for a model that was not trained to fill masks.
  public convenience init(_ model: ForwardModel) throws {
    guard let traits = model.configuration.diffusion else {
      throw DiffusionError(
        "\(model.configuration.family) models write from left to right and fill no masks")
    }
    self.init(model, traits)
  }

  /// With traits other than the configuration's.
  init(_ model: ForwardModel, _ traits: DiffusionTraits) {
    self.model = model
    self.traits = traits
    unguided = LogitsHead(model.transformer)
  }

  public var transformer: Transformer { model.transformer }

  var head: LogitsHead { model.head }
}
