/// Continues a prompt by filling a canvas of masks, block after block, with any policy: how LLaDA,
/// Dream, SDAR and LLaDA2 generate, and the others where their own decoder has not the policy that
/// is wanted.
public struct DiffusionGenerator: TokenGenerator {
  private var denoiser: Denoiser<DiffusionPredictor>

  /// - Parameters:
  ///   - predictor: of the prompt, with nothing after the canvas.
  ///   - slots: tokens to write at most.
  ///   - now: milliseconds of any steady clock.
  public init(
    _ predictor: DiffusionPredictor, prompt: [Int], slots: Int, policy: DenoisingPolicy,
    now: @escaping () -> Double = { 0 }
  ) {
    denoiser = Denoiser(
      predictor, canvas: Canvas(masks: slots), policy: policy, left: Array(prompt.suffix(64)),
      now: now)
  }

  public var canvas: Canvas { denoiser.canvas }

  public mutating func next() throws -> Step? { try denoiser.next() }

  public func certainCount(after step: Step) -> Int { denoiser.certainCount }
}
