internal import Commands
internal import Decoding
internal import Inference
internal import Infilling
internal import Tokenizers
internal import Transformers

/// Continues prose with the base alone, and with drafts of recurring text that it verifies, which
/// gives the same text; and refills sentences of it.
struct Prose {
  /// Beginnings of plain texts of different kinds: the gain of drafts differs from text to text.
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
    """
    The town council met on Tuesday to talk about the old bridge over the river. Heavy lorries may \
    no longer cross it, and the shops on the other side complain. The mayor said
    """,
    """
    A glacier is a river of ice. Snow falls on the mountain faster than it melts, and under its own \
    weight it turns into ice that slowly flows down the valley. When the ice
    """,
    """
    We left the hut before sunrise, because the path to the pass is long and there is no shade. For \
    the first hour nobody said a word. Then the clouds below us opened and
    """,
    """
    Her grandfather had repaired clocks for fifty years. His workshop smelled of oil and brass, and \
    on every wall something ticked. When she was eight he gave her a small
    """,
    """
    To plant a young apple tree, choose a sunny place and dig a hole twice as wide as the roots. \
    Loosen the soil at the bottom and mix it with compost. Set the tree
    """,
    """
    In the last century most families in the village lived from fishing. The boats went out at night \
    and came back in the morning, and the women sold the catch at the market. Today
    """,
  ]

  let parts: ModelParts
  let seconds: Double
  private let count = 64

  private var model: AdapterModel { parts.adapterModel }
  private var tokenizer: Tokenizer { parts.tokenizer }

  private var prompts: [[Int]] { Self.prompts.map { tokenizer.encode($0) } }

  private var limits: GenerationLimits {
    let tokens = model.adapter.tokens
    return GenerationLimits(
      maximumTokens: count, banned: [tokens.mask, tokens.delete, tokens.expand])
  }

  private func generate(_ prompt: [Int], drafts: Bool) throws -> [Int] {
    let context = DecodingContext(model.base, capacity: prompt.count + count + 8)
    if drafts {
      var generator = LinearSpeculation(
        context, prompt: prompt, drafting: .promptLookup(PromptLookup()), limits: limits,
        blockLength: TextGenerator.verification)
      _ = try generator.finish()
      return generator.tokens
    }
    var generator = AutoregressiveGenerator(context, prompt: prompt, limits: limits)
    _ = try generator.finish()
    return generator.tokens
  }

  /// Both ways. Throws if the texts differ.
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

  /// The search for a sentence as one key of the editor asks for it, the text before it read ahead:
  /// to its first words, or to its end. Several sentences in turn.
  func search(_ name: String, steps: Int = .max) throws -> BenchRow {
    let requests = Self.sentences
    var turn = 0
    let samples = try Samples.measure(seconds: seconds, runs: 2 * requests.count) {
      let clock = ContinuousClock()
      var start = clock.now
      try parts.search(requests[turn % requests.count], steps: steps) { start = clock.now }
      turn += 1
      return (clock.now - start) / .milliseconds(1)
    }
    let lengths = requests.map { tokenizer.encode($0.original).count }
    return BenchRow(
      name: name, slots: lengths.reduce(0, +) / lengths.count,
      context: requests.map { tokenizer.encode($0.prefix).count }.min() ?? 0, samples: samples)
  }

  /// The second sentences of the last texts, after all texts before them.
  private static var sentences: [InfillRequest] {
    let texts = prompts.map { $0.split(separator: ". ", maxSplits: 2).map(String.init) }
    return texts.indices.suffix(4).compactMap { index in
      guard texts[index].count == 3 else { return nil }
      let before = prompts[..<index].joined(separator: ".\n\n")
      return InfillRequest(
        prefix: before + ".\n\n" + texts[index][0] + ".", original: " " + texts[index][1] + ".",
        suffix: " " + texts[index][2])
    }
  }
}
