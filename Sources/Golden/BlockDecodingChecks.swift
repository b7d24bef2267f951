internal import Decoding
internal import DecodingPolicies
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Nemotron-Labs-Diffusion: causal text and blocks of masks.
  static var blockDecoding: [String: CaseCheck] {
    [
      "ar_generate": { item in
        var generator = try AutoregressiveGenerator(
          DecodingContext(ForwardModel(item.model())), prompt: item.ints("input_ids"),
          limits: limits(item))
        let steps = try generator.finish()
        try expectOutput(item, generator.tokens)
        try expectPasses(item, "nfe", steps)
      },
      "diffusion_generate": { item in try checkSeeded(item) },
      "diffusion_generate_allmask": { item in
        let reads = item.parameter("prefix_attention")?.string ?? "causal"
        var options = options(item)
        options.seed = .masks
        options.readsCausally = reads == "causal"
        options.readsLastBlock = true
        let (tokens, steps) = try run(item, options)
        try expectTrace(item, steps, item["steps"].array ?? [])
        try expectOutput(item, tokens)
        try expectPasses(item, "denoise_nfe", steps.filter { $0.phase == .denoise })
        // The pass over the prompt is not counted.
        try expectPasses(item, "nfe_official", Array(steps.dropFirst()))
      },
    ]
  }

  /// Blocks that begin with the causal prediction. The recorded trace is that of mlx-vlm, which
  /// looks for the end of the text when a block is full; the published code leaves the block.
  private static func checkSeeded(_ item: GoldenCase) throws {
    var options = options(item)
    options.leavesBlockAtStop = false
    let (tokens, steps) = try run(item, options)
    try expectTrace(
      item, steps, (item["steps"].array ?? []).filter { $0["commit_forward"] == nil })
    try expectOutput(item, tokens)
    try expectPasses(item, "denoise_nfe", steps.filter { $0.phase == .denoise })
    try expectPasses(item, "nfe_mlx", Array(steps.dropFirst()))

    options.leavesBlockAtStop = true
    options.readsLastBlock = true
    let official = try run(item, options)
    try expectOutput(item, official.tokens)
    try expectPasses(
      item, "denoise_nfe_official", official.steps.filter { $0.phase == .denoise })
    try expectPasses(item, "nfe_official", Array(official.steps.dropFirst()))
  }

  /// The published code's way alone: a block is left at a stop token.
  static func checkOfficial(_ item: GoldenCase) throws {
    var options = options(item)
    options.leavesBlockAtStop = true
    options.readsLastBlock = true
    let (tokens, steps) = try run(item, options)
    try expectTrace(item, steps, item["steps"].array ?? [])
    try expectOutput(item, tokens)
    try expectPasses(item, "denoise_nfe", steps.filter { $0.phase == .denoise })
    try expectPasses(item, "nfe_official", Array(steps.dropFirst()))
  }

  private static func run(_ item: GoldenCase, _ options: BlockDiffusionOptions) throws -> (
    tokens: [Int], steps: [Step]
  ) {
    let model = try item.model()
    var generator = BlockDiffusionGenerator(
      DecodingContext(ForwardModel(model)), prompt: try item.ints("input_ids"),
      mask: model.configuration.diffusion?.maskToken ?? 0, limits: limits(item), options: options)
    let steps = try generator.finish()
    return (generator.tokens, steps)
  }

  private static func options(_ item: GoldenCase) -> BlockDiffusionOptions {
    let length = item.parameter("block_length")?.int ?? 32
    let blocks = max(1, (item.parameter("max_new_tokens")?.int ?? length) / length)
    let steps =
      item.parameter("steps_per_block")?.int
      ?? item.parameter("steps_total").flatMap(\.int).map { $0 / blocks } ?? length
    return BlockDiffusionOptions(
      blockLength: length,
      unmasking: item.parameter("threshold")?.double.map { .threshold($0, always: .best) }
        ?? .quota(.even, steps: steps),
      confidence: item.parameter("neg_entropy")?.bool == true ? .entropy : .probability,
      shiftsLogits: item.parameter("shift_logits")?.bool ?? false)
  }

  static func limits(_ item: GoldenCase) -> GenerationLimits {
    GenerationLimits(
      maximumTokens: item.parameter("max_new_tokens")?.int ?? 0,
      stopTokens: Set([item.parameter("eos_token_id")?.int].compactMap(\.self)))
  }

  /// Holds the denoising steps against recorded ones: the block before, confidences, what was
  /// filled, the block after.
  private static func expectTrace(_ item: GoldenCase, _ steps: [Step], _ recorded: [JSONValue])
    throws
  {
    let mask = try item.model().configuration.diffusion?.maskToken ?? 0
    let negative = item.parameter("neg_entropy")?.bool == true
    var before: [Int] = []
    var index = 0
    for step in steps {
      let length = item.parameter("block_length")?.int ?? 32
      let ids = step.canvas.ids(mask: mask)
      defer { before = ids }
      guard step.phase == .denoise else { continue }
      guard index < recorded.count else { throw GoldenMismatch("more steps than recorded") }
      let golden = recorded[index]
      let place = "step \(index)"
      index += 1
      // A stop token may have cut the canvas: the previous step shows where the block is.
      let start = (before.count - 1) / length * length
      try expectEqual(Array(before[start...]), golden["x"]?.ints ?? [], "\(place) before")
      try expectConfidences(
        step.predictions, golden["conf"], base: -start, place,
        score: { negative ? -$0.entropy : $0.probability })
      try expectEqual(
        step.committed.map { $0 - start }, filled(golden, mask: mask), "\(place) filled")
      if ids.count == before.count {
        try expectEqual(Array(ids[start...]), golden["x_after"]?.ints ?? [], "\(place) after")
      }
    }
    try expectEqual(index, recorded.count, "number of steps")
  }

  /// `conf` is a list of [position, token, score].
  static func expectConfidences(
    _ predictions: [SlotPrediction], _ conf: JSONValue?, base: Int, _ place: String,
    score: (SlotPrediction) -> Float = { $0.probability }
  ) throws {
    let rows = (conf?.array ?? []).map(\.doubles)
    try expectEqual(
      predictions.map { [$0.slot + base, $0.token] }, rows.map { [Int($0[0]), Int($0[1])] },
      "\(place) predictions")
    try expectClose(
      predictions.map(score), rows.map { Float($0[2]) }, "\(place) confidences")
  }

  /// The positions that a recorded step fills: those written, less those written with the mask.
  static func filled(_ golden: JSONValue, mask: Int) -> [Int] {
    let masked = (golden["conf"]?.array ?? []).map(\.doubles).filter { Int($0[1]) == mask }
      .map { Int($0[0]) }
    return (golden["commit"]?.ints ?? []).filter { !masked.contains($0) }.sorted()
  }

  static func expectOutput(_ item: GoldenCase, _ tokens: [Int]) throws {
    try expectEqual(try item.ints("input_ids") + tokens, item.ints("output_ids"), "output ids")
  }

  /// Holds the passes of `steps` against the member `key`, where the case has it.
  static func expectPasses(_ item: GoldenCase, _ key: String, _ steps: [Step]) throws {
    guard let expected = item.json[key]?.int else { return }
    try expectEqual(steps.reduce(0) { $0 + $1.forwardPasses }, expected, key)
  }
}

extension Canvas {
  /// Ids from the left, the mask's where a slot is open.
  func ids(mask: Int) -> [Int] {
    slots.map { if case .token(let token) = $0.content { token } else { mask } }
  }
}
