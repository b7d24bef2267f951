internal import Checkpoints
internal import JSON

extension ModelFamily {
  /// LLaDA2.0 and 2.1 mini: Ling's mixture of experts, half of a head rotated, q and k normalised,
  /// one matrix for q, k and v. Reference: inclusionAI/LLaDA2.X, `LLaDA2MoeModelLM`.
  public static let llada2 = ModelFamily(
    name: "llada2_moe", modelTypes: ["llada2_moe"], architectures: ["LLaDA2MoeModelLM"],
    names: llada2Names,
    adjust: { model, reader in
      for key in ["use_bias", "use_qkv_bias", "norm_head"] { try reader.require(key, is: false) }
      try reader.require("score_function", is: "sigmoid")
      model.queryKeyNorm = try reader.flag("use_qk_norm") ?? true
      model.experts = ExpertConfiguration(
        count: try reader.integer("num_experts", in: 1...4096),
        active: try reader.integer("num_experts_per_tok", in: 1...4096),
        shared: try reader.integerIfPresent("num_shared_experts", in: 0...64) ?? 0,
        width: try reader.integer("moe_intermediate_size"),
        groups: try reader.integerIfPresent("n_group", in: 1...4096) ?? 1,
        activeGroups: try reader.integerIfPresent("topk_group", in: 1...4096) ?? 1,
        denseLayers: try reader.integerIfPresent("first_k_dense_replace", in: 0...1024) ?? 0,
        scale: Float(try reader.numberIfPresent("routed_scaling_factor") ?? 1),
        hasBias: try reader.flag("moe_router_enable_expert_bias") ?? false)
      model.diffusion = DiffusionTraits(
        attention: .blockCausal(try reader.blockLength("block_size") ?? 32),
        shiftsLogits: false,
        maskToken: try reader.token("mask_token_id") ?? 156_895)
    })

  private static let llada2Names = TensorNames(
    embedding: "model.word_embeddings", finalNorm: "model.norm", head: "lm_head"
  ) {
    let layer = "model.layers.\($0)"
    var names = TensorNames.LayerNames(
      attentionNorm: "\(layer).input_layernorm", query: "", key: "", value: "",
      output: "\(layer).attention.dense", queryNorm: "\(layer).attention.query_layernorm",
      keyNorm: "\(layer).attention.key_layernorm",
      feedForwardNorm: "\(layer).post_attention_layernorm", gate: "\(layer).mlp.gate_proj",
      up: "\(layer).mlp.up_proj", down: "\(layer).mlp.down_proj")
    names.fusedQueryKeyValue = "\(layer).attention.query_key_value"
    names.experts = TensorNames.ExpertNames(
      router: "\(layer).mlp.gate", bias: "\(layer).mlp.gate.expert_bias",
      expert: { "\(layer).mlp.experts.\($0)" }, shared: "\(layer).mlp.shared_experts")
    return names
  }
}
