internal import Decoding
internal import DecodingPolicies
internal import Infilling

// Which options go together, and with which model: what loaded models ask before a passage or a
// continuation begins. Besides, a predictor checks the options of its passes with the attention of
// its model (`DiffusionOptions.check`), and `DenoisingPolicy.refusal` the parts of a policy.

/// What writes the passages of a model.
enum PassageWriter {
  /// A causal model with an adapter.
  case adapter
  /// A causal model alone.
  case causal
  /// A diffusion model, which may write the end of the text or not.
  case diffusion(writesEnd: Bool)
}

extension DecodingConfiguration {
  private static let endIsNotWritten = "this model never writes the end of text in a passage"

  /// Why a model cannot write a passage so; nil if it can.
  func refusal(by writer: PassageWriter, _ summary: ModelSummary) -> String? {
    switch writer {
    case .adapter, .causal:
      if guidance != 0 { return "guidance requires a model that was trained for diffusion" }
    case .diffusion: break
    }
    if case .adapter = writer {
      if blockLength != nil { return "this model has no blocks" }
      if endOfText != .free { return Self.endIsNotWritten }
      if let cache, cache != .twoSided {
        return """
          with an adapter the text around a passage is encoded once, so the cache is exact \
          (two-sided); other caches are for models of full attention
          """
      }
    }
    if let reason = summary.refusal(of: mode) { return reason }
    if mode != .diffusion {
      return choosesMasks
        ? """
        options for masks, caches and the end of text are for diffusion; this mode writes from left \
        to right
        """ : nil
    }
    if case .causal = writer, choosesMasks {
      return """
        options for masks and caches are for diffusion; this model fills no masks, it searches
        """
    }
    switch writer {
    case .adapter:
      var policy = DenoisingPolicy(self)
      // A threshold that nobody gave goes with any confidence.
      if unmasking.isEffort { policy.unmasking = .steps(1, .linear) }
      return policy.refusal
    case .diffusion(writesEnd: false): return endOfText == .free ? nil : Self.endIsNotWritten
    case .diffusion, .causal: return nil
    }
  }
}

extension GenerationRequest {
  /// Why the parts cannot be combined, with any model; nil if they can.
  var refusal: String? {
    if sampling.looksBack && [.diffusion, .quadratic].contains(decoding.mode) {
      return "a repetition penalty needs text in order; it applies to ar and self-spec only"
    }
    if decoding.mode == .diffusion { return DenoisingPolicy(decoding).refusal }
    var masks = decoding
    // The length of a verification.
    masks.blockLength = nil
    if !masks.fillsMasks(as: .continuation) || decoding.guidance != 0 {
      return """
        options for masks, caches and the end of text are for diffusion; \(decoding.mode.name) \
        writes the text of the causal model
        """
    }
    return nil
  }
}
