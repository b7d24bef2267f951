internal import Decoding
internal import DecodingPolicies
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Models that see their block and the ones before it: SDAR's sampler, dllm's for LLaDA2.0, and
  /// for 2.1 with second thoughts.
  static var blockCausal: [String: CaseCheck] {
    [
      "sdar_block_diffusion_generate": { item in
        let length = item.parameter("block_length")?.int ?? 1
        let steps = item.parameter("denoising_steps")?.int ?? 1
        let quota = TransferSchedule.evenOf(length)
        var policy = DenoisingPolicy(unmasking: .quota(quota, steps: steps))
        switch item.parameter("remasking_strategy")?.string {
        case "low_confidence_static": break
        case "sequential": policy.confidence = .position
        case "low_confidence_dynamic":
          policy.unmasking = .sureOrQuota(
            quota, steps: steps, threshold: item.parameter("confidence_threshold")?.double ?? 1)
        case let other: throw GoldenMismatch("no strategy \(other ?? "")")
        }
        policy.stops = Set(item.parameter("stopping_criteria_idx")?.ints ?? [])
        try checkBlocks(item, length, policy, .prefix) { count, denoiser in
          // The reference keeps the last block, too.
          var predictor = denoiser.predictor
          return try count + predictor.finish(denoiser.canvas)
        }
      },
      "llada2_sample": { item in
        let length = item.parameter("block_size")?.int ?? 1
        let steps = min(item.parameter("steps_per_block")?.int ?? 1, generated(item))
        try checkBlocks(
          item, length,
          DenoisingPolicy(
            unmasking: .sureOrQuota(
              .evenOf(length), steps: steps, threshold: item.parameter("threshold")?.double ?? 1)),
          .none)
      },
      "llada21_sample": { item in
        let length = item.parameter("block_size")?.int ?? 1
        try checkBlocks(
          item, length,
          DenoisingPolicy(
            unmasking: .sureOrQuota(
              .constant(item.parameter("num_to_transfer")?.int ?? 1), steps: 1,
              threshold: item.parameter("threshold")?.double ?? 1),
            editing: TokenEditing(
              threshold: item.parameter("editing_threshold")?.double ?? 1,
              extraSteps: item.parameter("max_post_steps")?.int ?? 0)),
          .none)
      },
    ]
  }

  /// Fills whole blocks after `input_ids`; the first may begin with the last of these.
  private static func checkBlocks(
    _ item: GoldenCase, _ length: Int, _ policy: DenoisingPolicy, _ cache: CachePolicy,
    passes: ((Int, Denoiser<DiffusionPredictor>) throws -> Int)? = nil
  ) throws {
    let given = try item.ids("input_ids")
    let total = (given.count + generated(item) + length - 1) / length * length
    var policy = policy
    policy.order = .blocks(length, before: given.count % length)
    try checkTrace(
      item, given: given, Canvas(masks: total - given.count), policy,
      DiffusionOptions(cache: cache, blockLength: length), passes: passes)
  }
}
