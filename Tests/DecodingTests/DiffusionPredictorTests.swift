import DecodingPolicies
import ModelFixtures
import Tensors
import TestSupport
import Testing

@testable import Decoding
@testable import Transformers

/// Caches of whole-sequence models, over random tiny models: what a pass over them must equal.
@Suite struct DiffusionPredictorTests {
  let kernels: Kernels

  init() throws { kernels = try Kernels(threads: 1) }

  struct Setting {
    var model: DiffusionModel
    var description: String
    var prefix: [Int]
    var suffix: [Int]
    var slots: Int
    var policy: DenoisingPolicy
  }

  /// A model and a passage drawn from a seed: any weights, as a model of full attention.
  func setting(_ seed: Int) throws -> Setting {
    var random = Mutator(seed: seed)
    let model = try RandomModel(seed: seed, kernels: kernels)
    let traits = DiffusionTraits(
      attention: .bidirectional, shiftsLogits: random.next(2) == 0, maskToken: model.mask)
    func tokens(_ count: Int) -> [Int] { (0..<count).map { _ in random.next(model.mask) } }
    var policy = DenoisingPolicy(
      unmasking: random.next(2) == 0
        ? .threshold(0.2, always: .best) : .quota(.even, steps: 1 + random.next(4)))
    if random.next(2) == 0 { policy.order = .blocks(1 + random.next(6)) }
    return Setting(
      model: DiffusionModel(ForwardModel(model.transformer), traits),
      description: model.description,
      prefix: tokens(random.next(8)), suffix: tokens(random.next(8)), slots: 1 + random.next(12),
      policy: policy)
  }

  func steps(_ setting: Setting, _ cache: CachePolicy) throws -> [Step] {
    let predictor = try DiffusionPredictor(
      setting.model, prefix: setting.prefix, suffix: setting.suffix,
      options: DiffusionOptions(cache: cache, banned: [setting.model.traits.maskToken]))
    var denoiser = Denoiser(
      predictor, canvas: Canvas(masks: setting.slots), policy: setting.policy)
    var steps: [Step] = []
    while let step = try denoiser.next() { steps.append(step) }
    return steps
  }

  @Test func aDualCacheRefreshedEveryStepIsNoCache() throws {
    for seed in 1...200 {
      let setting = try setting(seed)
      let plain = try steps(setting, .none)
      #expect(try steps(setting, .dual(refresh: 1)) == plain, "\(setting.description)")
    }
  }

  /// Right after a pass over everything, a pass over the block alone says the same: nothing that
  /// the cache holds has changed.
  @Test(arguments: [CachePolicy.prefix, .dual(refresh: nil)])
  func aFreshCacheChangesNothing(cache: CachePolicy) throws {
    for seed in 1...200 {
      let setting = try setting(seed)
      var predictor = try DiffusionPredictor(
        setting.model, prefix: setting.prefix, suffix: setting.suffix,
        options: DiffusionOptions(cache: cache))
      let canvas = Canvas(masks: setting.slots)
      let first = seed % setting.slots
      let query = PredictionQuery(slots: Array(first..<setting.slots))
      let whole = try predictor.predict(canvas, query)
      let part = try predictor.predict(canvas, query)
      #expect(whole.forwardPasses == 1 && part.forwardPasses == 1)
      for (a, b) in zip(whole.slots, part.slots) {
        #expect(abs(a.probability - b.probability) < 1e-4, "\(setting.description), slot \(a.slot)")
        #expect(abs(a.entropy - b.entropy) < 1e-3, "\(setting.description), slot \(a.slot)")
      }
    }
  }

  @Test func guidanceByNothingIsNoGuidance() throws {
    let setting = try setting(4)
    func first(_ scale: Float) throws -> Prediction {
      var predictor = try DiffusionPredictor(
        setting.model, prefix: setting.prefix, suffix: setting.suffix,
        options: DiffusionOptions(guidance: scale))
      return try predictor.predict(
        Canvas(masks: setting.slots), PredictionQuery(slots: Array(0..<setting.slots)))
    }
    let (plain, guided) = (try first(0), try first(1e-9))
    #expect(plain.forwardPasses == 1 && guided.forwardPasses == 2)
    for (a, b) in zip(plain.slots, guided.slots) {
      #expect(a.token == b.token && abs(a.probability - b.probability) < 1e-4)
    }
    #expect(try first(3) != plain)
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let full = DiffusionTraits(attention: .bidirectional, shiftsLogits: false, maskToken: 0)
    let blocks = DiffusionTraits(attention: .blockCausal(4), shiftsLogits: false, maskToken: 0)
    let context = DiffusionTraits(
      attention: .causalContext(block: 8), shiftsLogits: false, maskToken: 0)
    func refuses(_ options: DiffusionOptions, _ traits: DiffusionTraits) {
      #expect(throws: DiffusionError.self) { try options.check(traits) }
    }
    refuses(DiffusionOptions(cache: .prefix, guidance: 1), full)
    refuses(DiffusionOptions(cache: .dual(refresh: 0)), full)
    refuses(DiffusionOptions(cache: .twoSided), full)
    refuses(DiffusionOptions(blockLength: 4), full)
    refuses(DiffusionOptions(cache: .dual(refresh: nil)), blocks)
    refuses(DiffusionOptions(cache: .dual(refresh: 2)), context)
    try DiffusionOptions(cache: .dual(refresh: 3)).check(full)
    try DiffusionOptions(cache: .prefix, guidance: 1).check(blocks)
    try DiffusionOptions(cache: .prefix, guidance: 1).check(context)
  }

  /// Where tokens do not see what follows them, what is kept of them is exact: with and without
  /// kept keys and values the same is said, suffix, guidance and shifted logits included.
  @Test func aKeptPrefixOfBlocksIsExact() throws {
    for seed in 1...200 {
      var random = Mutator(seed: seed ^ 0xB10C5)
      let setting = try setting(seed)
      let size = 1 + random.next(6)
      let isContext = random.next(3) == 0
      let traits = DiffusionTraits(
        attention: isContext ? .causalContext(block: size) : .blockCausal(size),
        shiftsLogits: !isContext && random.next(2) == 0, maskToken: setting.model.traits.maskToken)
      let model = DiffusionModel(ForwardModel(setting.model.transformer), traits)
      let guidance: Float = random.next(3) == 0 ? 1.5 : 0
      func steps(_ cache: CachePolicy) throws -> [Step] {
        let predictor = try DiffusionPredictor(
          model, prefix: setting.prefix, suffix: setting.suffix,
          options: DiffusionOptions(cache: cache, guidance: guidance, banned: [traits.maskToken]))
        var policy = setting.policy
        policy.order = .blocks(size, before: isContext ? 0 : setting.prefix.count % size)
        var denoiser = Denoiser(predictor, canvas: Canvas(masks: setting.slots), policy: policy)
        var steps: [Step] = []
        while let step = try denoiser.next() { steps.append(step) }
        return steps
      }
      let (plain, kept) = (try steps(.none), try steps(.prefix))
      #expect(plain.count == kept.count, "\(setting.description), seed \(seed)")
      for (a, b) in zip(plain, kept) {
        #expect(
          a.canvas.slots.map(\.content) == b.canvas.slots.map(\.content), "\(setting.description)")
        for (x, y) in zip(a.predictions, b.predictions) {
          #expect(abs(x.probability - y.probability) < 2e-4, "\(setting.description)")
        }
      }
    }
  }

  /// A passage of several blocks over a causal context: what each block is shown is the text before
  /// it read from the left, itself both ways, and, if it is the last, what follows up to a block.
  @Test func aLongPassageIsFilledBlockByBlock() throws {
    for seed in 1...60 {
      var random = Mutator(seed: seed ^ 0x1F11)
      let setting = try setting(seed)
      let transformer = setting.model.transformer
      let size = 2 + random.next(4)
      let traits = DiffusionTraits(
        attention: .causalContext(block: size), shiftsLogits: false,
        maskToken: setting.model.traits.maskToken)
      let prefix = setting.prefix + [1]
      let slots = size + 1 + random.next(2 * size)
      let predictor = try DiffusionPredictor(
        DiffusionModel(ForwardModel(transformer), traits), prefix: prefix, suffix: setting.suffix,
        options: DiffusionOptions(cache: .prefix, banned: [traits.maskToken]))
      var denoiser = Denoiser(
        predictor, canvas: Canvas(masks: slots),
        policy: DenoisingPolicy(unmasking: .threshold(0.3, always: .best), order: .blocks(size)))
      var before = denoiser.canvas
      while let step = try denoiser.next() {
        let block = (step.committed[0] / size) * size
        let end = min(slots, block + size)
        let rest = end == slots ? setting.suffix.prefix(size - (end - block)) : []
        func token(_ slot: Int) -> Int {
          if case .token(let token) = before.slots[slot].content { token } else { traits.maskToken }
        }
        let tokens = prefix + (0..<end).map(token) + rest
        let first = prefix.count + block
        try transformer.run(
          ForwardPass(
            tokens, positions: Array(tokens.indices),
            visibility: .custom { $1 <= $0 || $0 >= first }))
        for prediction in step.predictions {
          let logits = transformer.logits(rows: [prefix.count + prediction.slot])
          let summary = transformer.kernels.summarize(
            logits, [LogitsRow(row: 0)], banned: [traits.maskToken])[0]
          #expect(
            abs(summary.probability - prediction.probability) < 2e-4,
            "\(setting.description), slot \(prediction.slot) of \(slots)")
        }
        before = step.canvas
      }
      #expect(before.maskedSlots.isEmpty)
    }
  }
}
