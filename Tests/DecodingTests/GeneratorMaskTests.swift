import DecodingPolicies
import ModelFixtures
import Tensors
import TestSupport
import Testing

@testable import Decoding
@testable import Transformers

/// A model that predicts its own mask: the published loops leave that slot masked and ask again. Held
/// against these loops, written out over whole texts without caches, with random tiny models.
@Suite struct GeneratorMaskTests {
  static let kernels = Result { try Kernels(threads: 1) }

  /// A text that the published loops work on, and how often they met the mask.
  struct Reference {
    let model: Transformer
    let mask: Int
    var text: [Int]
    var seeds = 0
    var fills = 0

    /// The likeliest token, its probability and the likeliest token but the mask of each of `rows`.
    private func predictions(_ rows: [Int], sees: @escaping (Int, Int) -> Bool) throws
      -> [(token: Int, probability: Float, other: Int)]
    {
      try model.run(
        ForwardPass(text, positions: Array(text.indices), visibility: .custom(sees)))
      let summaries = model.kernels.summarize(
        model.logits(rows: rows), rows.indices.map { LogitsRow(row: $0) }, candidates: 2)
      return summaries.map { summary in
        let other = summary.candidates.first { $0.token != mask }?.token ?? mask
        return (summary.token, summary.probability, other)
      }
    }

    /// Appends the token that the last row predicts.
    mutating func seed(sees: @escaping (Int, Int) -> Bool) throws {
      let next = try predictions([text.count - 1], sees: sees)[0].token
      if next == mask { seeds += 1 }
      text.append(next)
    }

    /// Fills the masks of `range` step by step: those surer than `threshold` and the surest. The slot
    /// i is predicted by `row(i)`.
    mutating func fill(
      _ range: Range<Int>, surerThan threshold: Float, orAsSure: Bool = false,
      row: (Int) -> Int = { $0 }, sees: @escaping (Int, Int) -> Bool
    ) throws {
      while true {
        let open = range.filter { text[$0] == mask }
        if open.isEmpty { return }
        let found = try predictions(open.map(row), sees: sees)
        let best = found.indices.reduce(0) {
          found[$1].probability > found[$0].probability ? $1 : $0
        }
        var changed = false
        for (index, slot) in open.enumerated() {
          let sure = found[index].probability
          guard index == best || sure > threshold || orAsSure && sure == threshold else {
            continue
          }
          text[slot] = found[index].token
          if found[index].token == mask { fills += 1 } else { changed = true }
        }
        // The published loop would not end.
        if !changed { text[open[best]] = found[best].other }
      }
    }
  }

  private func shown(_ canvas: Canvas, mask: Int) -> [Int] {
    canvas.slots.map { if case .token(let token) = $0.content { token } else { mask } }
  }

  @Test func subBlocks() throws {
    var (seeds, fills) = (0, 0)
    for seed in 0..<120 {
      var random = Mutator(seed: seed ^ 0xA5C)
      let model = try RandomModel(seed: seed, family: "qwen2", kernels: Self.kernels.get())
      let prompt = (0...random.next(11)).map { _ in random.next(model.mask) }
      let threshold = [0.1, 0.25, 1][random.next(3)]
      let (size, part, blocks) = (4, 2, 3)
      var generator = SubBlockGenerator(
        DecodingContext(ForwardModel(model.transformer)), prompt: prompt, mask: model.mask,
        limits: GenerationLimits(maximumTokens: 1000),
        options: SubBlockOptions(
          blockLength: size, subBlockLength: part, threshold: threshold, maximumBlocks: blocks))
      _ = try generator.finish()

      var reference = Reference(model: model.transformer, mask: model.mask, text: prompt)
      let sees = { (row: Int, column: Int) in row / size >= column / size }
      if prompt.count % size == 0 { try reference.seed(sees: sees) }
      for _ in 0..<blocks {
        let start = (reference.text.count - 1) / size * size
        while reference.text.count < start + size { reference.text.append(model.mask) }
        for first in stride(from: start, to: start + size, by: part) {
          try reference.fill(
            first..<first + part, surerThan: Float(threshold),
            // Row 0 of a block keeps its own prediction.
            row: { $0 == start ? $0 : $0 - 1 }, sees: sees)
        }
        try reference.seed(sees: sees)
      }
      #expect(
        prompt + shown(generator.canvas, mask: model.mask) == reference.text,
        "\(model.description), prompt \(prompt), threshold \(threshold)")
      (seeds, fills) = (seeds + reference.seeds, fills + reference.fills)
    }
    #expect(seeds > 0 && fills > 0, "no model predicted its mask")
  }

  /// Parts that share keys and values are an approximation: what holds is that no mask is left and
  /// none is written.
  @Test func subBlocksWithBlockCache() throws {
    var masked = 0
    for seed in 0..<120 {
      var random = Mutator(seed: seed ^ 0xB10C)
      let model = try RandomModel(seed: seed, family: "qwen2", kernels: Self.kernels.get())
      let prompt = (0...random.next(11)).map { _ in random.next(model.mask) }
      var generator = SubBlockGenerator(
        DecodingContext(ForwardModel(model.transformer)), prompt: prompt, mask: model.mask,
        limits: GenerationLimits(maximumTokens: 12),
        options: SubBlockOptions(
          blockLength: 4, subBlockLength: 2, threshold: 0.2, cachesBlock: true))
      for step in try generator.finish() {
        masked += step.predictions.count { $0.token == model.mask }
        #expect(!step.canvas.shownTokens.contains(model.mask), "\(model.description)")
      }
      #expect(generator.canvas.isFilled && generator.canvas.count == 12, "\(model.description)")
    }
    #expect(masked > 0)
  }

  @Test func blockDiffusion() throws {
    var (seeds, fills) = (0, 0)
    for seed in 0..<120 {
      var random = Mutator(seed: seed ^ 0xD1F)
      let model = try RandomModel(
        seed: seed, family: "nemotron_labs_diffusion", kernels: Self.kernels.get())
      let prompt = (0...random.next(6)).map { _ in random.next(model.mask) }
      let threshold = [0.1, 0.25, 1][random.next(3)]
      let (size, blocks) = (4, 3)
      var generator = BlockDiffusionGenerator(
        DecodingContext(ForwardModel(model.transformer)), prompt: prompt, mask: model.mask,
        limits: GenerationLimits(maximumTokens: size * blocks),
        options: BlockDiffusionOptions(
          blockLength: size, unmasking: .threshold(threshold, always: .best)))
      _ = try generator.finish()

      var reference = Reference(model: model.transformer, mask: model.mask, text: prompt)
      for _ in 0..<blocks {
        let start = reference.text.count
        try reference.seed { $1 <= $0 }
        while reference.text.count < start + size { reference.text.append(model.mask) }
        try reference.fill(
          start..<start + size, surerThan: Float(threshold), orAsSure: true,
          sees: { row, column in column <= row || row >= start })
      }
      #expect(
        prompt + shown(generator.canvas, mask: model.mask) == reference.text,
        "\(model.description), prompt \(prompt), threshold \(threshold)")
      (seeds, fills) = (seeds + reference.seeds, fills + reference.fills)
    }
    #expect(seeds > 0 && fills > 0, "no model predicted its mask")
  }

  /// The loop over a whole sequence, with a fixed number of steps and by confidence.
  @Test func wholeSequences() throws {
    var masked = 0
    for seed in 0..<60 {
      let model = try RandomModel(seed: seed, family: "qwen2", kernels: Self.kernels.get())
      let traits = DiffusionTraits(
        attention: .bidirectional, shiftsLogits: seed % 2 == 0, maskToken: model.mask)
      for unmasking in [UnmaskingPolicy.quota(.even, steps: 6), .threshold(0.2, always: .best)] {
        let predictor = try DiffusionPredictor(
          DiffusionModel(ForwardModel(model.transformer), traits), prefix: [0, 1, 2], suffix: [])
        var generator = DiffusionGenerator(
          predictor, prompt: [0, 1, 2], slots: 8,
          policy: DenoisingPolicy(unmasking: unmasking, lengthMayChange: false))
        var steps = 0
        while let step = try generator.next() {
          steps += 1
          masked += step.predictions.count { $0.token == model.mask }
          #expect(!step.canvas.shownTokens.contains(model.mask), "\(model.description)")
          try #require(steps <= 32, "\(model.description): no end")
        }
        #expect(generator.canvas.isFilled, "\(model.description)")
      }
    }
    #expect(masked > 0)
  }
}
