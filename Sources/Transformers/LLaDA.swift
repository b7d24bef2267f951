internal import Checkpoints
internal import JSON

extension ModelFamily {
  /// LLaDA-8B and models with its code: Llama's block under OLMo's names, full attention. Reference:
  /// ML-GSAI/LLaDA, `LLaDAModelLM`.
  public static let llada = ModelFamily(
    name: "llada", modelTypes: ["llada"], architectures: ["LLaDAModelLM"],
    ggufArchitectures: ["llada"], names: lladaNames, ggufInterleavesRotary: true,
    keys: lladaKeys,
    adjust: { model, reader in
      for (key, value) in [("include_bias", false), ("alibi", false), ("scale_logits", false)] {
        try reader.require(key, is: .bool(value))
      }
      for (key, value) in [
        ("activation_type", "silu"), ("block_type", "llama"), ("layer_norm_type", "rms"),
      ] {
        try reader.require(key, is: .string(value))
      }
      model.attentionBias = try reader.flag("include_qkv_bias") ?? false
      // The output matrix may have more rows than the tokenizer has tokens.
      if let rows = try reader.integerIfPresent(
        "embedding_size", in: ConfigurationReader.vocabularySizes)
      {
        model.vocabularySize = rows
      }
      model.diffusion = DiffusionTraits(
        attention: .bidirectional, shiftsLogits: false,
        maskToken: try reader.token("mask_token_id") ?? 126_336)
    },
    adjustGGUF: { model, reader in
      model.diffusion = try .wholeSequence(reader, shiftsLogits: false, mask: 126_336)
    })

  private static let lladaNames = TensorNames(
    embedding: "model.transformer.wte", finalNorm: "model.transformer.ln_f",
    head: "model.transformer.ff_out"
  ) {
    let layer = "model.transformer.blocks.\($0)"
    return TensorNames.LayerNames(
      attentionNorm: "\(layer).attn_norm", query: "\(layer).q_proj", key: "\(layer).k_proj",
      value: "\(layer).v_proj", output: "\(layer).attn_out", queryNorm: "\(layer).q_norm",
      keyNorm: "\(layer).k_norm", feedForwardNorm: "\(layer).ff_norm", gate: "\(layer).ff_proj",
      up: "\(layer).up_proj", down: "\(layer).ff_out")
  }

  private static let lladaKeys: ConfigurationKeys = {
    var keys = ConfigurationKeys()
    keys.width = "d_model"
    keys.layers = "n_layers"
    keys.heads = "n_heads"
    keys.keyValueHeads = "n_kv_heads"
    keys.feedForwardWidth = "mlp_hidden_size"
    keys.contextLength = "max_sequence_length"
    keys.tiesEmbedding = "weight_tying"
    return keys
  }()
}
