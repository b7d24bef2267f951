extension ModelFamily {
  /// Qwen2 and Qwen2.5: Llama's block with biases on q, k and v. Reference: `Qwen2ForCausalLM` of
  /// transformers.
  public static let qwen2 = ModelFamily(
    name: "qwen2", modelTypes: ["qwen2"], architectures: ["Qwen2ForCausalLM"],
    ggufArchitectures: ["qwen2"],
    adjust: { model, _ in model.attentionBias = true })
}
