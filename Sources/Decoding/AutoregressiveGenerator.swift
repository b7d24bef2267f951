public import Denoising
internal import Transformers

/// One token a pass, each from the causal distribution after all before it.
public struct AutoregressiveGenerator: TokenGenerator {
  private let context: DecodingContext
  private let picker: TokenPicker
  private var text: GeneratedText

  /// - Parameters:
  ///   - context: an empty one.
  ///   - prompt: at least one token.
  ///   - now: milliseconds of any steady clock.
  public init(
    _ context: DecodingContext, prompt: [Int], limits: GenerationLimits,
    sampling: SamplingOptions = .greedy, now: @escaping () -> Double = { 0 }
  ) {
    self.context = context
    picker = TokenPicker(options: sampling, banned: limits.banned)
    text = GeneratedText(prompt, limits, now: now)
  }

  public var canvas: Canvas { text.canvas }

  public mutating func next() throws -> Step? {
    guard !text.isComplete else { return nil }
    let start = text.clock
    let history = text.text
    let rows = try context.read(history)
    let prediction = try picker.pick(
      context.logits(rows: [rows - 1]), row: 0, slot: text.slots.count, history: history)
    text.append(prediction)
    return text.step(
      .encode, predictions: [prediction], committed: [prediction.slot], passes: 1, since: start)
  }
}
