internal import Checkpoints
internal import JSON

extension ModelFamily {
  /// LLaDA-MoE-7B-A1B: OLMoE's experts, q and k normalised per head, full attention. The scores of
  /// the chosen experts are taken as they are. Reference: `LLaDAMoEModelLM` as published with the
  /// checkpoint, and llama.cpp's `llada-moe`.
  public static let lladaMoE = ModelFamily(
    name: "llada_moe", modelTypes: ["llada_moe", "lladamoe"],
    architectures: ["LLaDAMoEModelLM", "LLaDAMoEModel"], ggufArchitectures: ["llada-moe"],
    keys: lladaMoEKeys,
    adjust: { model, reader in
      try reader.require("moe_router_score_function", is: "softmax")
      try reader.require("moe_router_enable_expert_bias", is: false)
      try reader.require("clip_qkv", is: nil)
      model.queryKeyNorm = try reader.flag("qk_layernorm") ?? true
      model.experts = try ExpertConfiguration(
        reader, keys: lladaMoEKeys, normalizes: try reader.flag("norm_topk_prob") ?? false)
      model.diffusion = DiffusionTraits(
        attention: .bidirectional, shiftsLogits: false,
        maskToken: try reader.token("mask_token_id") ?? 156_895)
    },
    adjustGGUF: { model, reader in
      model.experts = try ExpertConfiguration(
        reader, keys: .gguf("llada-moe"),
        normalizes: try reader.flag("llada-moe.expert_weights_norm") ?? false)
      model.diffusion = try .wholeSequence(reader, shiftsLogits: false, mask: 156_895)
    })

  private static let lladaMoEKeys: ConfigurationKeys = {
    var keys = ConfigurationKeys()
    keys.feedForwardWidth = "dense_intermediate_size"
    keys.expertWidth = "expert_intermediate_size"
    return keys
  }()
}
