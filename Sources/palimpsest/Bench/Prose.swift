internal import Inference
internal import Tokenizers
internal import Transformers

/// Continuing prose with the base alone, and with drafts that it verifies, taken from what recurs in
/// the text: the same text by another way.
struct Prose {
  /// Beginnings of plain texts of different kinds.
  private static let prompts = [
    """
    The lighthouse stood at the end of a long stone pier. Every evening the keeper climbed the \
    stairs, lit the lamp and looked out at the sea. One night in November
    """,
    """
    Bread needs only flour, water, salt and yeast. Mix them in a large bowl until no dry flour is \
    left, cover the bowl with a towel and let the dough rest. After an hour
    """,
    """
    Dear Anna, thank you for your letter and for the photographs of the garden. I was very glad to \
    hear that you are well. Since I last wrote to you
    """,
  ]

  let model: HoleModel
  let tokenizer: Tokenizer
  let seconds: Double
  private let count = 64

  private var prompts: [[Int]] { Self.prompts.map { tokenizer.encode($0) } }

  private var limits: GenerationLimits {
    let tokens = model.adapter.tokens
    return GenerationLimits(
      maximumTokens: count, banned: [tokens.mask, tokens.delete, tokens.expand])
  }

  private func generate(_ prompt: [Int], drafts: Bool) throws -> [Int] {
    let context = DecodingContext(model.transformer, capacity: prompt.count + count + 8)
    if drafts {
      var generator = LinearSpeculation(
        context, prompt: prompt, drafting: .recurrence(Recurrence()), limits: limits,
        blockLength: TextWriter.verification)
      _ = try generator.finish()
      return generator.tokens
    }
    var generator = AutoregressiveGenerator(context, prompt: prompt, limits: limits)
    _ = try generator.finish()
    return generator.tokens
  }

  /// Both ways. Throws where the texts differ.
  func rows() throws -> [BenchRow] {
    let prompts = prompts
    let plain = try prompts.map { try generate($0, drafts: false) }
    let drafted = try prompts.map { try generate($0, drafts: true) }
    guard plain == drafted else {
      throw CommandFailure("Self-speculation wrote another text than decoding token by token.")
    }
    return try [("prose-ar", false), ("self-spec", true)].map { name, drafts in
      let samples = try Samples.measure(seconds: seconds) {
        try milliseconds { for prompt in prompts { _ = try generate(prompt, drafts: drafts) } }
      }
      return BenchRow(
        name: name, slots: count, context: prompts.map(\.count).max() ?? 0, samples: samples,
        tokens: plain.reduce(0) { $0 + $1.count })
    }
  }
}
