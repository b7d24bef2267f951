internal import Checkpoints
internal import Documents
internal import Tensors

/// What a checkpoint says about itself, without its weights being read.
struct ModelFacts {
  struct Line: Equatable {
    var name: String
    var value: String
  }

  private(set) var lines: [Line] = []

  /// Opens the checkpoint at `path` and reads its headers.
  init(path: String) throws(CheckpointError) {
    let checkpoint = try Checkpoint.open(path)
    var tensors: [Tensor] = []
    for name in checkpoint.tensorNames { tensors.append(try checkpoint.tensor(name)) }

    add("path", checkpoint.path)
    add("format", checkpoint.source.rawValue)
    let architecture = checkpoint.gguf?.metadata["general.architecture"]?.string
    add("name", checkpoint.gguf?.metadata["general.name"]?.string)
    add("family", architecture ?? checkpoint.configuration?["model_type"]?.string)
    for (name, gguf, config) in Self.geometry {
      let inGGUF = architecture.flatMap { checkpoint.gguf?.metadata["\($0).\(gguf)"]?.summary }
      add(name, inGGUF ?? checkpoint.configuration?[config]?.summary)
    }
    if let tokens = checkpoint.gguf?.metadata["tokenizer.ggml.tokens"]?.strings {
      add("vocabulary", "\(tokens.count)")
    } else {
      add("vocabulary", checkpoint.configuration?["vocab_size"]?.summary)
    }
    add("tokenizer", checkpoint.gguf?.metadata["tokenizer.ggml.pre"]?.string)
    for (name, gguf, config) in Self.specialTokens {
      let id = checkpoint.gguf?.metadata["tokenizer.ggml.\(gguf)"]?.int
      add(name, id.map(String.init) ?? checkpoint.configuration?[config]?.summary)
    }
    add("parameters", Self.grouped(tensors.reduce(0) { $0 + $1.count }))
    for type in ElementType.allCases {
      let some = tensors.filter { $0.type == type }
      guard !some.isEmpty else { continue }
      let bytes = Self.grouped(some.reduce(0) { $0 + $1.byteCount })
      add(type.rawValue, "\(some.count) tensors, \(bytes) bytes")
    }
  }

  /// Name, key of GGUF after the architecture, key of config.json.
  private static let geometry = [
    ("layers", "block_count", "num_hidden_layers"),
    ("width", "embedding_length", "hidden_size"),
    ("heads", "attention.head_count", "num_attention_heads"),
    ("KV heads", "attention.head_count_kv", "num_key_value_heads"),
    ("head size", "attention.key_length", "head_dim"),
    ("feed-forward width", "feed_forward_length", "intermediate_size"),
    ("context", "context_length", "max_position_embeddings"),
    ("RoPE theta", "rope.freq_base", "rope_theta"),
  ]

  private static let specialTokens = [
    ("BOS token", "bos_token_id", "bos_token_id"),
    ("EOS token", "eos_token_id", "eos_token_id"),
    ("mask token", "mask_token_id", "mask_token_id"),
  ]

  /// Names to the left, values in a column.
  var text: String {
    let width = lines.map(\.name.count).max() ?? 0
    return lines.map { line in
      line.name + String(repeating: " ", count: width - line.name.count + 2) + line.value + "\n"
    }.joined()
  }

  /// A fact that the checkpoint states. Its words are foreign: control characters become visible.
  private mutating func add(_ name: String, _ value: String?) {
    if let value { lines.append(Line(name: name, value: DisplayForm.visible(value))) }
  }

  /// 134515008 as 134,515,008.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return String(
      digits.indices.flatMap { index in
        index > 0 && (digits.count - index).isMultiple(of: 3)
          ? [",", digits[index]] : [digits[index]]
      })
  }
}
