internal import Checkpoints
internal import JSON

extension ModelFamily {
  /// RND1-30B-A3B: Qwen3-MoE turned into a diffusion model of full attention, its logits still one
  /// row before their tokens. Reference: `RND1LM` as published with the checkpoint, and llama.cpp's
  /// `rnd1`.
  public static let rnd1 = ModelFamily(
    name: "rnd1", modelTypes: ["rnd1"], architectures: ["RND1LM", "RND1"],
    ggufArchitectures: ["rnd1"],
    adjust: { model, reader in
      try reader.require("decoder_sparse_step", is: 1)
      try reader.require("mlp_only_layers", is: [])
      model.queryKeyNorm = true
      model.experts = try ExpertConfiguration(
        reader, keys: ConfigurationKeys(), normalizes: try reader.flag("norm_topk_prob") ?? true)
      model.diffusion = DiffusionTraits(
        attention: .bidirectional, shiftsLogits: true,
        maskToken: try reader.token("mask_token_id") ?? 151_669)
    },
    adjustGGUF: { model, reader in
      model.experts = try ExpertConfiguration(
        reader, keys: .gguf("rnd1"),
        normalizes: try reader.flag("rnd1.expert_weights_norm") ?? true)
      model.diffusion = try .wholeSequence(reader, shiftsLogits: true, mask: 151_669)
    })
}
