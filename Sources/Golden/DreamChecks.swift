internal import Decoding
internal import DecodingPolicies
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Dream's sampler, Fast-dLLM's for Dream, and DreamOn's.
  static var dream: [String: CaseCheck] {
    [
      "dream_diffusion_generate": { item in
        try checkDream(item, given: item.ids("input_ids"), Canvas(masks: generated(item)))
      },
      "dream_infill": { item in
        try checkDream(
          item, given: [],
          canvas(item.ids("canvas"), mask: item.parameter("mask_id")?.int ?? -1))
      },
      "fastdllm_dream_confidence_threshold": { item in
        guard let steps = item.parameter("steps")?.int,
          let threshold = item.parameter("threshold")?.double
        else { throw GoldenMismatch("no steps or no threshold") }
        try checkTrace(
          item, given: item.ids("input_ids"), Canvas(masks: generated(item)),
          DenoisingPolicy(unmasking: .sureWithinQuota(steps: steps, threshold: threshold)),
          DiffusionOptions())
      },
      "fastdllm_dream_block": { item in
        let length = item.parameter("block_length")?.int ?? 1
        let steps = (item.parameter("steps")?.int ?? 1) / max(1, generated(item) / length)
        let sure = item.parameter("alg")?.string == "confidence_threshold"
        let unmasking: UnmaskingPolicy =
          if sure, let threshold = item.parameter("threshold")?.double {
            .threshold(threshold, always: .best)
          } else {
            .quota(.truncated(epsilon: epsilon(item)), steps: steps)
          }
        try checkTrace(
          item, given: item.ids("input_ids"), Canvas(masks: generated(item)),
          DenoisingPolicy(
            // Ranks by entropy for every name of the algorithm.
            unmasking: unmasking, confidence: sure ? .probability : .entropy,
            order: .blocks(length),
            leastSteps: 2, beginsWithFirstSlot: true),
          DiffusionOptions(
            cache: item.parameter("dual_cache")?.bool == true ? .dual(refresh: nil) : .prefix))
      },
      "dreamon_infill": checkDreamOn,
    ]
  }

  private static func checkDream(_ item: GoldenCase, given: [Int], _ canvas: Canvas) throws {
    let steps = item.parameter("steps")?.int ?? 1
    try checkTrace(
      item, given: given, canvas,
      DenoisingPolicy(
        unmasking: .quota(.truncated(epsilon: epsilon(item)), steps: steps),
        confidence: confidence(item.parameter("alg")?.string ?? "")),
      DiffusionOptions())
  }

  private static func epsilon(_ item: GoldenCase) -> Float {
    Float(item.parameter("eps")?.double ?? 1e-3)
  }

  /// One slot a step; EXPAND makes two masks of one, the end of the text takes its slot out.
  private static func checkDreamOn(_ item: GoldenCase) throws {
    let mask = item.parameter("mask_id")?.int ?? -1
    let end = item.parameter("eos_id")?.int
    let ids = try item.ids("input_ids")
    guard let first = ids.firstIndex(of: mask), let last = ids.lastIndex(of: mask) else {
      throw GoldenMismatch("no mask in input_ids")
    }
    let (given, after) = (Array(ids[..<first]), Array(ids[(last + 1)...]))
    let removes = item.parameter("delete_eos_token")?.bool == true
    let window = item.parameter("max_tokens")?.int ?? .max
    let longest = item.parameter("max_gen_len")?.int ?? .max
    try checkTrace(
      item, given: given, Canvas(masks: last + 1 - first), after: after,
      delete: removes ? end : nil, expand: item.parameter("expand_id")?.int,
      DenoisingPolicy(
        unmasking: .quota(.constant(item.parameter("number_transfer_tokens")?.int ?? 1), steps: 1),
        confidence: confidence(item.parameter("alg")?.string ?? ""),
        lengthLimits: LengthLimits(
          length: min(window - given.count - after.count, longest), expansions: longest),
        padding: item.parameter("pad_eos_to_right")?.bool == true ? end : nil),
      DiffusionOptions())
  }
}
