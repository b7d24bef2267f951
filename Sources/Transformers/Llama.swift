extension ModelFamily {
  /// Llama 2 and 3, SmolLM, Mistral and other models of that block: no biases, no norms on q and k.
  /// Reference: `LlamaForCausalLM` of transformers.
  public static let llama = ModelFamily(
    name: "llama", modelTypes: ["llama", "mistral"],
    architectures: ["LlamaForCausalLM", "MistralForCausalLM"], ggufArchitectures: ["llama"],
    ggufInterleavesRotary: true)
}
