internal import Tensors

/// What the headers of a checkpoint tell, for listings.
public struct CheckpointFacts: Sendable, Equatable {
  /// Tensors of one element type.
  public struct Share: Sendable, Equatable {
    /// As the file spells it, in GGUF as `ElementType` does.
    public var type: String
    public var tensors: Int
    public var bytes: Int
  }

  /// The sizes of a transformer, as far as its configuration names them.
  public struct Geometry: Sendable, Equatable {
    public var layers: Int?
    public var width: Int?
    public var heads: Int?
    public var keyValueHeads: Int?
    public var headSize: Int?
    public var feedForward: Int?
    public var vocabulary: Int?
    public var context: Int?
    public var rotaryBase: Double?
    public var normEpsilon: Double?
    /// Whether the output matrix is the embedding.
    public var isTied: Bool?
  }

  public var source: Checkpoint.Source
  /// `model_type` of a configuration, `general.architecture` of a GGUF file.
  public var architecture: String?
  public var name: String?
  /// Elements of all tensors.
  public var parameters: Int
  /// Bytes of all weight files, headers included.
  public var fileBytes: Int
  /// Most bytes first.
  public var shares: [Share]
  public var geometry: Geometry

  public init(_ checkpoint: Checkpoint) {
    source = checkpoint.source
    var shares: [String: Share] = [:]
    var parameters = 0
    func count(_ type: String, _ elements: Int, _ bytes: Int) {
      parameters += elements
      let share = shares[type] ?? Share(type: type, tensors: 0, bytes: 0)
      shares[type] = Share(type: type, tensors: share.tensors + 1, bytes: share.bytes + bytes)
    }
    if let gguf = checkpoint.gguf {
      for tensor in gguf.tensors.values {
        count(tensor.type.rawValue.uppercased(), tensor.count, tensor.byteCount)
      }
      architecture = gguf.metadata["general.architecture"]?.string
      name = gguf.metadata["general.name"]?.string
      fileBytes = gguf.fileSize
      geometry = Geometry(gguf)
    } else {
      for entry in checkpoint.shards.flatMap(\.entries.values) {
        count(entry.type, entry.shape.reduce(1, &*), entry.range.count)
      }
      architecture = checkpoint.configuration?["model_type"]?.string
      name = checkpoint.configuration?["_name_or_path"]?.string
      fileBytes = checkpoint.shards.map(\.fileSize).reduce(0, +)
      geometry = Geometry(checkpoint.configuration)
    }
    self.parameters = parameters
    self.shares = shares.values.sorted { ($0.bytes, $1.type) > ($1.bytes, $0.type) }
  }
}

extension CheckpointFacts.Geometry {
  /// Reads a Hugging Face configuration; LLaDA names its fields as OLMo does.
  init(_ configuration: JSONValue?) {
    func first(_ keys: String...) -> JSONValue? {
      for key in keys {
        if let value = configuration?[key], !value.isNull { return value }
      }
      return nil
    }
    layers = first("num_hidden_layers", "n_layers")?.int
    width = first("hidden_size", "d_model")?.int
    heads = first("num_attention_heads", "n_heads")?.int
    keyValueHeads = first("num_key_value_heads", "n_kv_heads")?.int ?? heads
    headSize = first("head_dim")?.int
    if headSize == nil, let width, let heads, heads > 0 { headSize = width / heads }
    feedForward = first("intermediate_size", "mlp_hidden_size")?.int
    vocabulary = first("embedding_size", "vocab_size")?.int
    context = first("max_position_embeddings", "max_sequence_length")?.int
    rotaryBase = (first("rope_theta") ?? configuration?["rope_parameters"]?["rope_theta"])?.double
    normEpsilon = first("rms_norm_eps")?.double
    isTied = first("tie_word_embeddings", "weight_tying")?.bool
  }

  init(_ gguf: GGUFFile) {
    let architecture = gguf.metadata["general.architecture"]?.string ?? ""
    func value(_ key: String) -> GGUFValue? { gguf.metadata["\(architecture).\(key)"] }
    layers = value("block_count")?.int
    width = value("embedding_length")?.int
    heads = value("attention.head_count")?.int
    keyValueHeads = value("attention.head_count_kv")?.int ?? heads
    headSize = value("attention.key_length")?.int ?? value("rope.dimension_count")?.int
    if headSize == nil, let width, let heads, heads > 0 { headSize = width / heads }
    feedForward = value("feed_forward_length")?.int
    vocabulary =
      value("vocab_size")?.int ?? gguf.metadata["tokenizer.ggml.tokens"]?.strings?.count
    context = value("context_length")?.int
    rotaryBase = value("rope.freq_base")?.double
    normEpsilon = value("attention.layer_norm_rms_epsilon")?.double
    isTied = gguf.tensors["output.weight"] == nil
  }
}
