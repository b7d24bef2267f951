extension ModelFamily {
  /// Fast-dLLM v2: Qwen2.5 trained on blocks of `bd_size`, logits shifted. Reference: the published
  /// modeling file of `Efficient-Large-Model/Fast_dLLM_v2`.
  public static let fastDLLM = ModelFamily(
    name: "fast_dllm_v2", modelTypes: ["Fast_dLLM_Qwen"],
    architectures: ["Fast_dLLM_QwenForCausalLM"],
    adjust: { model, reader in
      model.attentionBias = true
      model.diffusion = DiffusionTraits(
        attention: .blockCausal(try reader.blockLength("bd_size") ?? 32), shiftsLogits: true,
        maskToken: try reader.token("mask_token_id") ?? 151_665)
    })
}
