internal import Checkpoints
internal import Documents
internal import Inference
internal import Tensors
internal import Transformers

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
    let model = try? ModelFamily.identify(checkpoint).1
    for (name, gguf, config, geometry) in Self.geometry {
      let inGGUF = architecture.flatMap { checkpoint.gguf?.metadata["\($0).\(gguf)"]?.summary }
      add(name, inGGUF ?? checkpoint.configuration?[config]?.summary ?? model.flatMap(geometry))
    }
    if let experts = model?.experts {
      add(
        "experts", "\(experts.count), \(experts.active) active, \(experts.shared) shared")
    }
    if let tokens = checkpoint.gguf?.metadata["tokenizer.ggml.tokens"]?.strings {
      add("vocabulary", "\(tokens.count)")
    } else {
      add("vocabulary", model.map { "\($0.vocabularySize)" })
    }
    add("tokenizer", checkpoint.gguf?.metadata["tokenizer.ggml.pre"]?.string)
    for (name, gguf, config) in Self.specialTokens {
      let id = checkpoint.gguf?.metadata["tokenizer.ggml.\(gguf)"]?.int
      add(name, id.map(String.init) ?? checkpoint.configuration?[config]?.summary)
    }
    if let model {
      if !lines.contains(where: { $0.name == "mask token" }) {
        add("mask token", model.diffusion.map { "\($0.maskToken)" })
      }
      add("expand token", model.diffusion?.expandToken.map { "\($0)" })
      add("attention", Self.attention(model))
      let abilities = ModelAbilities(model, hasAdapter: ModelSource.hasAdapter(checkpoint))
      add(
        "generate",
        abilities.modes.isEmpty ? "no" : abilities.modes.map(\.rawValue).joined(separator: ", "))
      add(
        "fill",
        !abilities.infills
          ? "no" : abilities.variesLength ? "yes, of any length" : "yes, of fixed length")
    }
    add("parameters", Self.grouped(tensors.reduce(0) { $0 + $1.count }))
    for type in ElementType.allCases {
      let some = tensors.filter { $0.type == type }
      guard !some.isEmpty else { continue }
      let bytes = Self.grouped(some.reduce(0) { $0 + $1.byteCount })
      add(type.rawValue, "\(some.count) tensors, \(bytes) bytes")
    }
  }

  /// Name, key of GGUF after the architecture, key of config.json, and what the family's reader
  /// makes of a configuration with other keys.
  private static let geometry:
    [(String, String, String, @Sendable (ModelConfiguration) -> String?)] = [
      ("layers", "block_count", "num_hidden_layers", { "\($0.layers)" }),
      ("width", "embedding_length", "hidden_size", { "\($0.width)" }),
      ("heads", "attention.head_count", "num_attention_heads", { "\($0.heads)" }),
      (
        "KV heads", "attention.head_count_kv", "num_key_value_heads",
        { "\($0.keyValueHeads)" }
      ),
      ("head size", "attention.key_length", "head_dim", { "\($0.headSize)" }),
      (
        "feed-forward width", "feed_forward_length", "intermediate_size",
        { "\($0.feedForwardWidth)" }
      ),
      ("context", "context_length", "max_position_embeddings", { "\($0.contextLength)" }),
      ("RoPE theta", "rope.freq_base", "rope_theta", { "\(Int($0.rotary.theta))" }),
    ]

  /// How a model was trained to attend.
  private static func attention(_ model: ModelConfiguration) -> String {
    let shift = model.diffusion?.shiftsLogits == true ? ", logits shifted" : ""
    switch model.diffusion?.attention {
    case nil: return "causal"
    case .bidirectional: return "bidirectional\(shift)"
    case .blockCausal(let size): return "causal by blocks of \(size)\(shift)"
    case .causalContext(let size): return "causal, blocks of \(size) bidirectional\(shift)"
    }
  }

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

  /// One member a fact, named as in the text.
  var json: JSONValue {
    .object(JSONObject(lines.map { ($0.name, .string($0.value)) }))
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
