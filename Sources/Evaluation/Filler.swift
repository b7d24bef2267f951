internal import Decoding
internal import DecodingPolicies
internal import Transformers

/// Fills the middles of windows by policies. Confined to one thread, like its model.
struct Filler {
  let model: AdapterModel
  /// The policy's weight takes the place of the one in here.
  let options: AdapterOptions
  /// Milliseconds of a steady clock.
  let now: () -> Double

  struct Result {
    var tokens: [Int]
    var steps: Int
    var forwardPasses: Int
    var milliseconds: Double
  }

  /// Greedy, no repetition guarded against: the model taken at its word. `prefix` is encoded first,
  /// outside the time that is measured.
  func fill(_ window: EvaluationWindow, prefix: CachedPrompt, _ policy: FillPolicy) throws -> Result
  {
    try prefix.encode(on: model.transformer) { _ in }
    let count = window.middle.count
    let slots = policy.lengthMayChange ? FillPolicy.roomySlots(for: count) : count
    let start = now()
    var options = options
    options.baseWeight = policy.baseWeight
    let predictor = AdapterPredictor(model, prefix: prefix, suffix: window.suffix, options: options)
    var denoiser = Denoiser(
      predictor, canvas: Canvas(masks: slots),
      policy: DenoisingPolicy(
        unmasking: policy.unmasking, lengthMayChange: policy.lengthMayChange, candidates: 1))
    var passes = 0
    while let step = try denoiser.next() { passes += step.forwardPasses }
    return Result(
      tokens: denoiser.canvas.shownTokens, steps: denoiser.stepCount, forwardPasses: passes,
      milliseconds: now() - start)
  }
}
