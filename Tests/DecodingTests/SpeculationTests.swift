import Decoding
import ModelFixtures
import Tensors
import TestSupport
import Testing
import Transformers

/// Self-speculation writes what the causal model writes, over random tiny models, with weights of
/// any format.
@Suite struct SpeculationTests {
  /// Sums over all cases: a property of drafts that never come true would be empty.
  struct Totals {
    var cases = 0
    var tokens = 0
    var verifications = 0
  }

  struct Case {
    let model: RandomModel
    let prompt: [Int]
    var limits: GenerationLimits
    let sampling: SamplingOptions
    let seed: Int

    init(
      seed: Int, samples: Bool, format: LinearWeights.Format = .f32, kernels: Kernels
    ) throws {
      var random = Mutator(seed: seed ^ 0x5EED)
      model = try RandomModel(seed: seed, format: format, kernels: kernels)
      let mask = model.mask
      // Integers go with attention that rounds blocks of 64 keys: some texts are longer.
      let longest = format == .f32 || seed % 2 == 0 ? 30 : 120
      prompt = (0...random.next(longest)).map { _ in random.next(mask) }
      limits = GenerationLimits(
        maximumTokens: 1 + random.next(32),
        stopTokens: random.next(3) == 0 ? [random.next(mask)] : [], banned: [mask])
      sampling =
        samples
        ? SamplingOptions(
          temperature: 0.2 + Double(random.next(10)) / 10,
          topK: random.next(2) == 0 ? 1 + random.next(6) : nil,
          topP: random.next(2) == 0 ? 0.5 + Double(random.next(5)) / 10 : nil,
          minP: random.next(2) == 0 ? 0.1 : nil, seed: UInt64(seed)) : .greedy
      self.seed = seed
    }

    func context() -> DecodingContext { DecodingContext(ForwardModel(model.transformer)) }

    func expected(_ sampling: SamplingOptions) throws -> [Int] {
      var generator = AutoregressiveGenerator(
        context(), prompt: prompt, limits: limits, sampling: sampling)
      let steps = try generator.finish()
      #expect(steps.count == generator.tokens.count)
      return generator.tokens
    }

    var note: String { "\(model.description), prompt \(prompt), \(limits), \(sampling)" }
  }

  static let kernels = Result { try Kernels(threads: 1) }

  /// Text, forward passes and last canvas of a generator.
  static func run(_ generator: some TokenGenerator, _ item: Case, _ totals: inout Totals) throws
    -> [Int]
  {
    var generator = generator
    var last: Step?
    while let step = try generator.next() {
      #expect(step.index == (last?.index ?? 0) + 1, "\(item.note)")
      if step.phase == .verify { totals.verifications += 1 }
      last = step
    }
    #expect(last?.canvas == generator.canvas, "\(item.note)")
    #expect(last?.isLast ?? true, "\(item.note)")
    totals.cases += 1
    totals.tokens += generator.tokens.count
    return generator.tokens
  }

  @Test(arguments: [false, true], LinearWeights.Format.allCases)
  func linearEqualsAutoregression(samples: Bool, format: LinearWeights.Format) throws {
    let kernels = try Self.kernels.get()
    var totals = Totals()
    for seed in 1...(format == .f32 ? 150 : 80) {
      let item = try Case(seed: seed, samples: samples, format: format, kernels: kernels)
      var random = Mutator(seed: seed ^ 0xB10C)
      var sampling = item.sampling
      if random.next(3) == 0 { sampling.repetitionPenalty = 1.3 }
      let generator = LinearSpeculation(
        item.context(), prompt: item.prompt, drafting: .block(mask: item.model.mask),
        limits: item.limits, blockLength: 1 + random.next(9),
        threshold: random.next(3) == 0 ? 0.3 : 0,
        sampling: sampling)
      let found = try Self.run(generator, item, &totals)
      let expected = try item.expected(sampling)
      #expect(found == expected, "\(item.note), \(format)")
    }
    #expect(totals.tokens > totals.verifications, "\(totals)")
  }

  /// Drafts from the text, as from masks, change nothing but the number of passes.
  @Test(arguments: [false, true], LinearWeights.Format.allCases)
  func recurrenceEqualsAutoregression(samples: Bool, format: LinearWeights.Format) throws {
    let kernels = try Self.kernels.get()
    var totals = Totals()
    var drafted = 0
    for seed in 1...(format == .f32 ? 150 : 80) {
      var item = try Case(seed: seed, samples: samples, format: format, kernels: kernels)
      item.limits.maximumTokens += 16
      var random = Mutator(seed: seed ^ 0x4EC0)
      var sampling = item.sampling
      if random.next(3) == 0 { sampling.repetitionPenalty = 1.3 }
      let generator = LinearSpeculation(
        item.context(), prompt: item.prompt,
        drafting: .promptLookup(PromptLookup(longestRun: 2 + random.next(8))),
        limits: item.limits, blockLength: 1 + random.next(9), sampling: sampling)
      let verifications = totals.verifications
      let found = try Self.run(generator, item, &totals)
      #expect(found == (try item.expected(sampling)), "\(item.note), \(format)")
      if totals.verifications - verifications < found.count - 1 { drafted += 1 }
    }
    #expect(drafted > 10, "drafts come true in \(drafted) texts; \(totals)")
  }

  @Test(arguments: [
    ([1, 2, 3, 4, 9, 1, 2, 3], 7, [4, 9]), ([1, 2, 3, 4, 9, 1, 2, 3], 1, [4]),
    ([1, 2, 3, 4, 5], 7, []), ([3, 7, 1, 3], 7, []), ([], 7, []), ([5], 7, []),
    // The longest run counts, and of several the last.
    ([1, 2, 3, 4, 2, 3, 5, 1, 2, 3], 7, [4, 2]), ([2, 3, 4, 2, 3, 5, 2, 3], 7, [5]),
    // A text that goes round.
    ([8, 1, 2, 1, 2, 1, 2, 1, 2], 7, [1, 2, 1, 2, 1]), ([6, 6, 6, 6], 3, [6, 6]),
  ])
  func draftsGoOnAsTheTextDid(text: [Int], limit: Int, drafts: [Int]) {
    #expect(PromptLookup().drafts(after: text, limit: limit) == drafts)
  }

  @Test(arguments: [false, true], LinearWeights.Format.allCases)
  func quadraticEqualsAutoregression(samples: Bool, format: LinearWeights.Format) throws {
    let kernels = try Self.kernels.get()
    var totals = Totals()
    for seed in 1...(format == .f32 ? 150 : 80) {
      let item = try Case(seed: seed, samples: samples, format: format, kernels: kernels)
      var random = Mutator(seed: seed ^ 0x0A0D)
      let generator = QuadraticSpeculation(
        item.context(), prompt: item.prompt, mask: item.model.mask, limits: item.limits,
        draftLength: 1 + random.next(6), sampling: item.sampling)
      let found = try Self.run(generator, item, &totals)
      let expected = try item.expected(item.sampling)
      #expect(found == expected, "\(item.note), \(format)")
    }
    #expect(totals.tokens > totals.verifications, "\(totals)")
  }

  /// A block of one slot, seeded with the causal prediction, is the causal text.
  @Test func blocksOfOneEqualAutoregression() throws {
    let kernels = try Self.kernels.get()
    var totals = Totals()
    for seed in 1...60 {
      let item = try Case(seed: seed, samples: seed % 2 == 0, kernels: kernels)
      let generator = BlockDiffusionGenerator(
        item.context(), prompt: item.prompt, mask: item.model.mask, limits: item.limits,
        options: BlockDiffusionOptions(blockLength: 1), sampling: item.sampling)
      let found = try Self.run(generator, item, &totals)
      let expected = try item.expected(item.sampling)
      #expect(found == expected, "\(item.note)")
    }
  }

  /// A step that is called off changes nothing: the text comes out the same.
  @Test func stepsMayBeCalledOff() throws {
    let kernels = try Self.kernels.get()
    for seed in 1...20 {
      let item = try Case(seed: seed, samples: false, kernels: kernels)
      let interruptions = Interruptions(seed: seed)
      let context = DecodingContext(
        ForwardModel(item.model.transformer),
        onLayer: { _ in
          try interruptions.check()
        })
      var generator = LinearSpeculation(
        context, prompt: item.prompt, drafting: .block(mask: item.model.mask), limits: item.limits,
        blockLength: 4)
      while true {
        do {
          guard try generator.next() != nil else { break }
        } catch is CancellationError {}
      }
      #expect(generator.tokens == (try item.expected(.greedy)), "\(item.note)")
    }
  }
}

/// Throws now and then.
private final class Interruptions {
  private var random: Mutator

  init(seed: Int) { random = Mutator(seed: seed) }

  func check() throws {
    if random.next(3) == 0 { throw CancellationError() }
  }
}
