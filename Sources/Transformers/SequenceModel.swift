internal import Tensors

/// A masked-diffusion model and the buffers for its logits: what all passages of a document share.
/// Confined to one engine.
public final class SequenceModel {
  public let transformer: Transformer
  public let traits: DiffusionTraits
  /// `[rows, width]` and `[rows, vocabulary]`, for as many rows as a step has asked for yet; the
  /// second logits are those of a pass without the given tokens.
  private(set) var states: Matrix
  private(set) var logits: Matrix
  private(set) var otherLogits: Matrix

  /// Throws `SequenceError` for a model that was not trained to fill masks.
  public convenience init(_ transformer: Transformer) throws {
    guard let traits = transformer.configuration.diffusion else {
      throw SequenceError(
        "\(transformer.configuration.family) models write from left to right and fill no masks")
    }
    self.init(transformer, traits)
  }

  /// With traits other than the configuration's.
  init(_ transformer: Transformer, _ traits: DiffusionTraits) {
    self.transformer = transformer
    self.traits = traits
    states = Matrix(rows: 0, columns: transformer.configuration.width)
    logits = Matrix(rows: 0, columns: transformer.configuration.vocabularySize)
    otherLogits = Matrix(rows: 0, columns: transformer.configuration.vocabularySize)
  }

  /// Logits of the given rows of the last pass, in the first rows of `logits`.
  func project(_ rows: [Int]) {
    reserve(rows.count)
    transformer.states(rows: rows, into: states)
    transformer.project(states: states, rows: rows.count, into: logits)
  }

  /// The same in `otherLogits`.
  func projectOther(_ rows: [Int]) {
    if otherLogits.rows < rows.count {
      otherLogits = Matrix(rows: rows.count, columns: otherLogits.columns)
    }
    reserve(rows.count)
    transformer.states(rows: rows, into: states)
    transformer.project(states: states, rows: rows.count, into: otherLogits)
  }

  private func reserve(_ rows: Int) {
    guard logits.rows < rows else { return }
    states = Matrix(rows: rows, columns: states.columns)
    logits = Matrix(rows: rows, columns: logits.columns)
  }
}
