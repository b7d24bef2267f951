internal import Checkpoints
internal import JSON

extension ModelFamily {
  /// Nemotron-Labs-Diffusion 3B, 8B, 14B: Ministral-3's block (YaRN, Llama-4 query scale), a causal
  /// context and bidirectional blocks over it, one untied head for both ways of decoding. Reference:
  /// `Ministral3ForCausalLM` of transformers and mlx-vlm's port; the golden data says which.
  public static let nemotronLabsDiffusion = ModelFamily(
    name: "nemotron_labs_diffusion", modelTypes: ["nemotron_labs_diffusion"],
    architectures: ["NemotronLabsDiffusionModel"],
    names: .huggingFace(prefix: "encoder", head: "diffusion_head"),
    adjust: { model, reader in
      try reader.require("mlp_bias", is: false)
      model.diffusion = DiffusionTraits(
        attention: .causalContext(block: try reader.blockLength("block_size") ?? 32),
        shiftsLogits: false,
        maskToken: try reader.token("mask_token_id") ?? 100)
    })
}
