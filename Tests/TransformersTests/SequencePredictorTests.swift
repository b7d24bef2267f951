import Denoising
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// Caches of whole-sequence models, over random tiny models: what a pass over them must equal.
@Suite struct SequencePredictorTests {
  let kernels: Kernels

  init() throws { kernels = try Kernels(threads: 1) }

  struct Setting {
    var model: SequenceModel
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
      reveal: random.next(2) == 0
        ? .threshold(0.2, always: .best) : .quota(.even, steps: 1 + random.next(4)))
    if random.next(2) == 0 { policy.order = .blocks(1 + random.next(6)) }
    return Setting(
      model: SequenceModel(model.transformer, traits), description: model.description,
      prefix: tokens(random.next(8)), suffix: tokens(random.next(8)), slots: 1 + random.next(12),
      policy: policy)
  }

  func steps(_ setting: Setting, _ cache: CachePolicy) throws -> [Step] {
    let predictor = try SequencePredictor(
      setting.model, prefix: setting.prefix, suffix: setting.suffix,
      options: SequenceOptions(cache: cache, banned: [setting.model.traits.maskToken]))
    var denoiser = Denoiser(
      predictor, canvas: Canvas(open: setting.slots), policy: setting.policy)
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
      var predictor = try SequencePredictor(
        setting.model, prefix: setting.prefix, suffix: setting.suffix,
        options: SequenceOptions(cache: cache))
      let canvas = Canvas(open: setting.slots)
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
      var predictor = try SequencePredictor(
        setting.model, prefix: setting.prefix, suffix: setting.suffix,
        options: SequenceOptions(guidance: scale))
      return try predictor.predict(
        Canvas(open: setting.slots), PredictionQuery(slots: Array(0..<setting.slots)))
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
    func refuses(_ options: SequenceOptions, _ traits: DiffusionTraits, hasSuffix: Bool = false) {
      #expect(throws: SequenceError.self) { try options.check(traits, hasSuffix: hasSuffix) }
    }
    refuses(SequenceOptions(cache: .prefix, guidance: 1), full)
    refuses(SequenceOptions(cache: .dual(refresh: 0)), full)
    refuses(SequenceOptions(cache: .dual(refresh: nil)), blocks)
    refuses(SequenceOptions(), blocks, hasSuffix: true)
    refuses(SequenceOptions(guidance: 1), blocks)
    refuses(SequenceOptions(cache: .dual(refresh: 2)), context)
    try SequenceOptions(cache: .dual(refresh: 3)).check(full, hasSuffix: true)
    try SequenceOptions(cache: .prefix).check(blocks, hasSuffix: false)
    try SequenceOptions(cache: .prefix).check(context, hasSuffix: true)
  }
}
