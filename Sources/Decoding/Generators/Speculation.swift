/// How text is written that is the causal model's own choice, token for token.
public enum Speculation {
  /// One token a pass.
  case none
  /// Drafts, and a pass that verifies them. `blockLength` and `threshold` as in
  /// `LinearSpeculation`.
  case linear(Drafting, blockLength: Int, threshold: Double = 0)
  /// Drafts of `draftLength` masks, verified in the pass that makes the next ones.
  case quadratic(mask: Int, draftLength: Int)

  /// A generator that continues `prompt` so.
  ///
  /// - Parameter context: holds at most the beginning of the prompt, its last token left out.
  public func generator(
    _ context: DecodingContext, prompt: [Int], limits: GenerationLimits,
    sampling: SamplingOptions, now: @escaping () -> Double
  ) -> any TokenGenerator {
    switch self {
    case .none:
      AutoregressiveGenerator(
        context, prompt: prompt, limits: limits, sampling: sampling, now: now)
    case .linear(let drafting, let blockLength, let threshold):
      LinearSpeculation(
        context, prompt: prompt, drafting: drafting, limits: limits, blockLength: blockLength,
        threshold: threshold, sampling: sampling, now: now)
    case .quadratic(let mask, let draftLength):
      QuadraticSpeculation(
        context, prompt: prompt, mask: mask, limits: limits, draftLength: draftLength,
        sampling: sampling, now: now)
    }
  }
}
