internal import Decoding
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Fast-dLLM v2: blocks in parts, with and without a cache of the block.
  static var fastDLLM: [String: CaseCheck] {
    [
      "fast_dllm_v2_generate": { item in
        let model = try item.model()
        let prompt = try item.ints("input_ids")
        let mask = item.parameter("mask_id")?.int ?? 0
        let size = item.parameter("block_size")?.int ?? 32
        var generator = SubBlockGenerator(
          DecodingContext(ForwardModel(model)), prompt: prompt, mask: mask,
          limits: GenerationLimits(
            maximumTokens: 1 << 20,
            stopTokens: Set([item.parameter("stop_token")?.int].compactMap(\.self))),
          options: SubBlockOptions(
            blockLength: size, subBlockLength: item.parameter("small_block_size")?.int ?? 8,
            threshold: item.parameter("threshold")?.double ?? 1,
            cachesBlock: item.parameter("use_block_cache")?.bool ?? false,
            maximumBlocks: (item.parameter("max_new_tokens")?.int ?? size) / size))
        var before = prompt + generator.canvas.ids(mask: mask)
        var recorded = (try item["steps"].array ?? [])[...]
        var passes = 0
        while let step = try generator.next() {
          passes += step.forwardPasses
          let after = prompt + step.canvas.ids(mask: mask)
          defer { before = after }
          guard step.phase == .denoise else { continue }
          guard let golden = recorded.popFirst() else {
            throw GoldenMismatch("more steps than recorded")
          }
          let place = "pass \(passes)"
          try expectEqual(before, golden["x"]?.ints ?? [], "\(place) before")
          try expectConfidences(step.predictions, golden["conf"], base: prompt.count, place)
          try expectEqual(
            step.committed.map { $0 + prompt.count }, filled(golden, mask: mask),
            "\(place) filled")
          if after.count == before.count {
            try expectEqual(after, golden["x_after"]?.ints ?? [], "\(place) after")
          }
        }
        try expectEqual(recorded.count, 0, "steps left")
        try expectOutput(item, generator.canvas.ids(mask: mask))
        try expectEqual(passes, item["nfe"].int ?? 0, "nfe")
      },
      "block_cache_slice_logits": { item in
        let (prefix, block) = try (item.ints("prefix_ids"), item.ints("block_cache_from"))
        let slice = try item.ints("slice_ids")
        let first = try item["replace_position"].int ?? 0
        let model = try item.model()
        let text = KeyValueCache(model.configuration, capacity: prefix.count)
        let size = block.count
        try model.run(
          ForwardPass(
            prefix, positions: Array(prefix.indices),
            visibility: .custom { $0 / size >= $1 / size }, target: text))
        let cache = KeyValueCache(model.configuration, capacity: size)
        try model.run(
          ForwardPass(
            block, positions: block.indices.map { prefix.count + $0 }, context: [.init(text)],
            visibility: .all, target: cache))
        try model.run(
          ForwardPass(
            slice, positions: slice.indices.map { prefix.count + first + $0 },
            context: [
              .init(text), .init(cache, rows: 0..<first),
              .init(cache, rows: first + slice.count..<size),
            ], visibility: .all))
        try compare(item, Array(slice.indices))
      },
    ]
  }
}
