internal import Decoding
internal import DecodingPolicies
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// LLaDA's samplers: its own, Fast-dLLM's with caches, dllm's by factor and for infilling.
  static var llada: [String: CaseCheck] {
    [
      "llada_generate": { item in
        let length = item.parameter("block_length")?.int ?? 1
        let steps = try stepsPerBlock(item, total: "steps", length: length)
        let scale = item.parameter("cfg_scale")?.double ?? 0
        try checkTrace(
          item, given: item.ids("input_ids"), Canvas(masks: generated(item)),
          DenoisingPolicy(
            unmasking: .quota(.even, steps: steps), order: .blocks(length), leastSteps: steps),
          DiffusionOptions(guidance: Float(scale)),
          // The reference runs both passes as one batch.
          passes: { count, _ in scale > 0 ? count / 2 : count })
      },
      "fastdllm_generate": { item in try checkFast(item, .none) },
      "fastdllm_generate_prefix_cache": { item in try checkFast(item, .prefix) },
      "fastdllm_generate_dual_cache": { item in try checkFast(item, .dual(refresh: nil)) },
      "fastdllm_dllm_sampler": { item in
        let cache: CachePolicy =
          switch item.parameter("use_cache")?.string {
          case nil: .none
          case "prefix": .prefix
          case "dual": .dual(refresh: nil)
          case let other?: throw GoldenMismatch("no cache \(other)")
          }
        try checkFast(item, cache)
      },
      "mdlm_infill": { item in
        let ids = try item.ids("input_ids")
        let length = item.parameter("block_size")?.int ?? ids.count
        let blocks = (ids.count + length - 1) / length
        let steps = ((item.parameter("steps_total")?.int ?? 1) + blocks - 1) / blocks
        let scale = item.parameter("cfg_scale")?.double ?? 0
        try checkTrace(
          item, given: [], canvas(ids, mask: item.parameter("mask_id")?.int ?? -1),
          DenoisingPolicy(
            unmasking: .quota(.rounded(.linear), steps: steps), order: .blocks(length)),
          DiffusionOptions(guidance: Float(scale)),
          passes: { count, _ in scale > 0 ? count / 2 : count })
      },
    ]
  }

  private static func checkFast(_ item: GoldenCase, _ cache: CachePolicy) throws {
    let length = item.parameter("block_length")?.int ?? 1
    let unmasking: UnmaskingPolicy
    if let threshold = item.parameter("threshold")?.double {
      unmasking = .threshold(threshold, always: .best)
    } else if let factor = item.parameter("factor")?.double {
      unmasking = .factor(factor)
    } else {
      let total = item.parameter("steps") == nil ? "steps_total" : "steps"
      unmasking = .quota(.even, steps: try stepsPerBlock(item, total: total, length: length))
    }
    try checkTrace(
      item, given: item.ids("input_ids"), Canvas(masks: generated(item)),
      DenoisingPolicy(
        unmasking: unmasking, order: .blocks(length), leastSteps: cache == .none ? 1 : 2),
      DiffusionOptions(cache: cache))
  }

  static func generated(_ item: GoldenCase) -> Int {
    (item.parameter("gen_length") ?? item.parameter("max_new_tokens"))?.int ?? 0
  }

  private static func stepsPerBlock(_ item: GoldenCase, total: String, length: Int) throws -> Int {
    guard let steps = item.parameter(total)?.int else { throw GoldenMismatch("no \(total)") }
    return max(1, steps / max(1, generated(item) / length))
  }
}
