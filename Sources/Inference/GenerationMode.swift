public import Transformers

/// A way to write text behind a prompt.
public enum GenerationMode: String, Sendable, CaseIterable {
  /// Token by token.
  case autoregressive = "ar"
  /// Blocks of masks.
  case diffusion
  /// Blocks drafted by diffusion, verified token by token: the text of `autoregressive`.
  case selfSpeculation = "self-spec"
  /// The same, draft and verification in one forward pass.
  case quadratic
}

/// What can be done with a checkpoint, by its family and what lies beside it.
public struct ModelAbilities: Sendable, Equatable {
  /// Ways to write text behind a prompt.
  public var modes: [GenerationMode]
  /// Whether a passage between two texts can be filled.
  public var infills: Bool
  /// Whether a passage may end up longer or shorter than it began.
  public var variesLength: Bool

  /// - Parameter hasAdapter: whether an adapter for passages goes with the checkpoint.
  public init(_ model: ModelConfiguration, hasAdapter: Bool) {
    modes = []
    infills = hasAdapter
    variesLength = hasAdapter
    switch model.diffusion?.attention {
    case nil:
      modes = hasAdapter ? [.autoregressive, .selfSpeculation] : [.autoregressive]
    case .causalContext:
      modes = [.autoregressive, .diffusion, .selfSpeculation, .quadratic]
      infills = true
    case .blockCausal:
      // Blocks of unshifted logits have no decoder of their own here.
      modes = model.diffusion?.shiftsLogits == true ? [.diffusion] : []
    case .bidirectional:
      infills = true
      variesLength = hasAdapter || model.diffusion?.expandToken != nil
    }
  }

  /// Why a mode does not apply, as the end of a sentence; nil where it does.
  public func refusal(of mode: GenerationMode, family: String) -> String? {
    if modes.contains(mode) { return nil }
    let others =
      modes.isEmpty
      ? "it fills passages of a text, see `palimpsest fill`"
      : "it can: \(modes.map(\.rawValue).joined(separator: ", "))"
    let reason =
      switch mode {
      case .autoregressive: "was not trained to predict the next token from those before alone"
      case .diffusion: "was not trained to fill blocks of masks"
      case .selfSpeculation, .quadratic: "has not both a causal and a diffusion mode"
      }
    return "\(family) \(reason); \(others)"
  }
}
