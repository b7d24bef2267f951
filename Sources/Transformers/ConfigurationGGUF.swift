public import Checkpoints
internal import JSON
internal import Strings
internal import Tensors

extension ConfigurationKeys {
  /// Keys of GGUF metadata, which carry the architecture's name.
  static func gguf(_ architecture: String) -> ConfigurationKeys {
    var keys = ConfigurationKeys()
    keys.width = "\(architecture).embedding_length"
    keys.layers = "\(architecture).block_count"
    keys.heads = "\(architecture).attention.head_count"
    keys.keyValueHeads = "\(architecture).attention.head_count_kv"
    keys.headSize = "\(architecture).attention.key_length"
    keys.feedForwardWidth = "\(architecture).feed_forward_length"
    keys.expertWidth = "\(architecture).expert_feed_forward_length"
    keys.expertCount = "\(architecture).expert_count"
    keys.activeExperts = "\(architecture).expert_used_count"
    keys.vocabularySize = "\(architecture).vocab_size"
    keys.contextLength = "\(architecture).context_length"
    keys.normEpsilon = "\(architecture).attention.layer_norm_rms_epsilon"
    return keys
  }
}

extension ConfigurationReader {
  /// The scalar metadata of a GGUF file; the vocabulary's size is taken from the embedding.
  init(_ gguf: GGUFFile, architecture: String) {
    var object = JSONObject()
    for (key, value) in gguf.metadata {
      switch value {
      case .integer(let value): object[key] = .integer(value)
      case .float(let value): object[key] = .number(value)
      case .bool(let value): object[key] = .bool(value)
      case .string(let value): object[key] = .string(value)
      default: continue
      }
    }
    if let rows = gguf.tensors["token_embd.weight"]?.shape.first {
      object["\(architecture).vocab_size"] = .integer(rows)
    }
    self.init(.object(object), file: gguf.path)
  }
}

extension ModelConfiguration {
  /// Reads GGUF metadata. Biases, norms of q and k, and an output matrix of its own are there where
  /// their tensors are.
  public init(_ gguf: GGUFFile, family: ModelFamily, architecture: String) throws {
    let reader = ConfigurationReader(gguf, architecture: architecture)
    try self.init(reader, keys: .gguf(architecture), family: family.name) { headSize in
      try RotaryConfiguration(reader, architecture: architecture, headSize: headSize)
    }
    tiesEmbedding = gguf.tensors["output.weight"] == nil
    attentionBias = gguf.tensors["blk.0.attn_q.bias"] != nil
    queryKeyNorm = gguf.tensors["blk.0.attn_q_norm.weight"] != nil
    beginToken = try reader.token("tokenizer.ggml.bos_token_id")
    endTokens = [try reader.token("tokenizer.ggml.eos_token_id")].compactMap(\.self)
    try family.adjustGGUF(&self, reader)
    try check(reader.file)
  }
}

extension RotaryConfiguration {
  init(_ reader: ConfigurationReader, architecture: String, headSize: Int) throws {
    let prefix = "\(architecture).rope"
    self.init(
      theta: try reader.numberIfPresent("\(prefix).freq_base", in: Self.bases) ?? 10_000,
      dimensions: try reader.integerIfPresent("\(prefix).dimension_count") ?? headSize)
    let kind = reader.json["\(prefix).scaling.type"]?.string ?? "none"
    let factor = try reader.numberIfPresent("\(prefix).scaling.factor") ?? 1
    switch kind {
    case "none": break
    case "linear": scaling = .linear(factor)
    case "yarn":
      let original =
        try reader.integerIfPresent("\(prefix).scaling.original_context_length", in: 1...1 << 30)
        ?? reader.integer("\(architecture).context_length", in: 1...1 << 30)
      scaling = .yarn(YaRN(factor: factor, original: original))
    default:
      throw FileError(
        file: reader.file, place: "\(prefix).scaling.type", expected: "none, linear or yarn",
        found: kind)
    }
  }
}

extension DiffusionTraits {
  /// A model of full attention in a GGUF file: `diffusion.shift_logits` and the mask's id, and what
  /// stands for them in files without.
  static func wholeSequence(_ reader: ConfigurationReader, shiftsLogits: Bool, mask: Int)
    throws(FileError) -> DiffusionTraits
  {
    DiffusionTraits(
      attention: .bidirectional,
      shiftsLogits: try reader.flag("diffusion.shift_logits") ?? shiftsLogits,
      maskToken: try reader.token("tokenizer.ggml.mask_token_id")
        ?? mask)
  }
}
