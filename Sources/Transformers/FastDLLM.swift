extension ModelFamily {
  /// Fast-dLLM v2: Qwen2.5 trained on blocks of `bd_size`, logits shifted. Reference: the published
  /// modeling file of `Efficient-Large-Model/Fast_dLLM_v2`.
  public static let fastDLLM = ModelFamily(
    name: "fast_dllm_v2", modelTypes: ["Fast_dLLM_Qwen"],
    architectures: ["Fast_dLLM_QwenForCausalLM"],
    adjust: { model, reader in
      model.attentionBias = true
      model.diffusion = DiffusionTraits(
        attention: .blockCausal(try reader.integerIfPresent("bd_size") ?? 32), shiftsLogits: true,
        maskToken: try reader.integerIfPresent("mask_token_id", in: 0...1 << 24) ?? 151_665)
    })
}
