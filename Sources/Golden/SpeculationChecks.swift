internal import Checkpoints
internal import Decoding
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Self-speculation, and the low-rank weights of its drafts.
  static var speculation: [String: CaseCheck] {
    [
      "linear_spec_generate": checkLinear,
      "linear_spec_generate_iterative_draft_mlx": checkLinear,
      "block_bidirectional_logits_lora_on": { item in
        let (prefix, block) = try (item.ints("prefix_ids"), item.ints("block_ids"))
        let model = try item.model()
        let cache = KeyValueCache(model.configuration, capacity: prefix.count)
        try append(prefix, to: cache, model)
        try model.run(
          ForwardPass(
            block, positions: block.indices.map { $0 + prefix.count }, context: [.init(cache)],
            visibility: .all, drafter: drafter(item)))
        try compare(item, Array(block.indices))
      },
    ]
  }

  private static func drafter(_ item: GoldenCase) throws -> Drafter {
    let checkpoint = try Checkpoint.open(item.folder.path)
    guard let drafter = try Drafter.find(checkpoint, kernels: item.model().kernels) else {
      throw GoldenMismatch("no \(Drafter.folder) in \(item.folder.path)")
    }
    return drafter
  }

  private static func checkLinear(_ item: GoldenCase) throws {
    let model = try item.model()
    let usesDrafter = item.parameter("lora")?.bool ?? false
    var generator = LinearSpeculation(
      DecodingContext(ForwardModel(model)), prompt: try item.ints("input_ids"),
      drafting: .block(
        mask: model.configuration.diffusion?.maskToken ?? 0,
        drafter: usesDrafter ? try drafter(item) : nil), limits: limits(item),
      blockLength: item.parameter("block_length")?.int ?? 32,
      threshold: item.parameter("threshold")?.double ?? 0)
    let steps = try generator.finish()
    try expectOutput(item, generator.tokens)
    try expectPasses(item, "nfe", steps)
    try expectEqual(
      steps.filter { $0.phase == .verify }.map(\.committed.count),
      item.json["accepted_lengths"]?.ints ?? [], "accepted lengths")
    try expectCycles(item, steps)
  }

  private static func expectCycles(_ item: GoldenCase, _ steps: [Step]) throws {
    var drafts: [Step] = []
    var cycles = (item.json["cycles"]?.array ?? [])[...]
    for step in steps {
      if step.phase == .draft { drafts.append(step) }
      guard step.phase == .verify else { continue }
      guard let cycle = cycles.popFirst() else { throw GoldenMismatch("more cycles than recorded") }
      let place = "cycle at \(cycle["cache_len"]?.int ?? 0)"
      let recorded = cycle["drafts"]?.array ?? []
      try expectEqual(drafts.count, recorded.count, "\(place) drafts")
      for (draft, golden) in zip(drafts, recorded) {
        try expectEqual(
          draft.predictions.map(\.token), golden["argmax"]?.ints ?? [], "\(place) draft")
        try expectClose(
          draft.predictions.map(\.probability), (golden["conf"]?.doubles ?? []).map { Float($0) },
          "\(place) draft confidences")
      }
      try expectEqual(
        step.predictions.map(\.token), cycle["verify_argmax"]?.ints ?? [], "\(place) verify")
      try expectEqual(step.committed.count, cycle["accepted"]?.int ?? 0, "\(place) accepted")
      drafts = []
    }
    try expectEqual(cycles.count, 0, "cycles left")
  }
}
