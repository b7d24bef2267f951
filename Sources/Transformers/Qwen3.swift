extension ModelFamily {
  /// Qwen3: no biases, q and k normalised per head. Reference: `Qwen3ForCausalLM` of transformers.
  public static let qwen3 = ModelFamily(
    name: "qwen3", modelTypes: ["qwen3"], architectures: ["Qwen3ForCausalLM"],
    ggufArchitectures: ["qwen3"],
    adjust: { model, _ in model.queryKeyNorm = true })
}
