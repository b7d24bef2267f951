/// One token a pass, each from the causal distribution after all before it.
public struct AutoregressiveGenerator: TokenGenerator {
  private enum Phase { case read }

  private var generation: Generation<Phase>

  /// - Parameters:
  ///   - context: an empty one.
  ///   - prompt: at least one token.
  ///   - now: milliseconds of any steady clock.
  public init(
    _ context: DecodingContext, prompt: [Int], limits: GenerationLimits,
    sampling: SamplingOptions = .greedy, now: @escaping () -> Double = { 0 }
  ) {
    generation = Generation(
      context, prompt: prompt, limits: limits, sampling: sampling, inOrder: true, first: .read,
      now: now)
  }

  public var canvas: Canvas { generation.canvas }

  public mutating func next() throws -> Step? {
    guard generation.begin() != nil else { return nil }
    let prediction = try generation.readOn()
    if generation.isComplete { generation.phase = nil }
    return generation.step(
      .encode, predictions: [prediction], committed: [prediction.slot])
  }
}
