/// What a family calls its tensors, without `.weight` and `.bias`.
public struct TensorNames: Sendable {
  public var embedding: String
  public var finalNorm: String
  /// The output matrix where it is not the embedding.
  public var head: String
  public var layer: @Sendable (Int) -> LayerNames

  public struct LayerNames: Sendable {
    public var attentionNorm: String
    public var query: String
    public var key: String
    public var value: String
    /// One matrix of q, k and v rows instead of three, where the checkpoint has it.
    public var fusedQueryKeyValue: String?
    public var output: String
    public var queryNorm: String
    public var keyNorm: String
    public var feedForwardNorm: String
    public var gate: String
    public var up: String
    public var down: String
    public var experts: ExpertNames?
  }

  public struct ExpertNames: Sendable {
    public var router: String
    /// Full name of the bias that takes part in the choice alone.
    public var bias: String
    /// Prefix of an expert, to which `.gate_proj` and so on are added.
    public var expert: @Sendable (Int) -> String
    public var shared: String
    /// Set where the matrices of all experts lie in one tensor each.
    public var stacked: StackedNames?

    public init(
      router: String, bias: String, expert: @escaping @Sendable (Int) -> String, shared: String,
      stacked: StackedNames? = nil
    ) {
      self.router = router
      self.bias = bias
      self.expert = expert
      self.shared = shared
      self.stacked = stacked
    }
  }

  /// Names of tensors of three dimensions, expert by expert.
  public struct StackedNames: Sendable {
    public var gate: String
    public var up: String
    public var down: String
  }

  public init(
    embedding: String, finalNorm: String, head: String,
    layer: @escaping @Sendable (Int) -> LayerNames
  ) {
    self.embedding = embedding
    self.finalNorm = finalNorm
    self.head = head
    self.layer = layer
  }

  /// Names of Llama, Qwen and most others, under `prefix` (`model`, `encoder`).
  public static func huggingFace(prefix: String, head: String = "lm_head") -> TensorNames {
    TensorNames(embedding: "\(prefix).embed_tokens", finalNorm: "\(prefix).norm", head: head) {
      let layer = "\(prefix).layers.\($0)"
      let experts = ExpertNames(
        router: "\(layer).mlp.gate", bias: "\(layer).mlp.gate.e_score_correction_bias",
        expert: { "\(layer).mlp.experts.\($0)" }, shared: "\(layer).mlp.shared_experts")
      return LayerNames(
        attentionNorm: "\(layer).input_layernorm", query: "\(layer).self_attn.q_proj",
        key: "\(layer).self_attn.k_proj", value: "\(layer).self_attn.v_proj",
        output: "\(layer).self_attn.o_proj", queryNorm: "\(layer).self_attn.q_norm",
        keyNorm: "\(layer).self_attn.k_norm", feedForwardNorm: "\(layer).post_attention_layernorm",
        gate: "\(layer).mlp.gate_proj", up: "\(layer).mlp.up_proj", down: "\(layer).mlp.down_proj",
        experts: experts)
    }
  }

  /// Names in GGUF files, the same for every family.
  public static let gguf = TensorNames(
    embedding: "token_embd", finalNorm: "output_norm", head: "output"
  ) {
    let layer = "blk.\($0)"
    return LayerNames(
      attentionNorm: "\(layer).attn_norm", query: "\(layer).attn_q", key: "\(layer).attn_k",
      value: "\(layer).attn_v", output: "\(layer).attn_output",
      queryNorm: "\(layer).attn_q_norm", keyNorm: "\(layer).attn_k_norm",
      feedForwardNorm: "\(layer).ffn_norm", gate: "\(layer).ffn_gate", up: "\(layer).ffn_up",
      down: "\(layer).ffn_down",
      experts: ExpertNames(
        router: "\(layer).ffn_gate_inp", bias: "\(layer).exp_probs_b.bias",
        expert: { "\(layer).ffn.\($0)" }, shared: "\(layer).ffn_shexp",
        stacked: StackedNames(
          gate: "\(layer).ffn_gate_exps", up: "\(layer).ffn_up_exps",
          down: "\(layer).ffn_down_exps")))
  }
}
