internal import Decoding
internal import Inference
package import JSON
internal import Platform

/// A made-up model of a few kilobytes with the whole machinery of the default one: a Llama
/// checkpoint in Hugging Face layout, a byte-level tokenizer with some words, and an adapter. It
/// fills a passage with word salad in milliseconds, the same at every run; for tests and for trying
/// the editor without a download.
package enum TinyModel {
  static let width = 32
  static let layers = 2
  static let heads = 4
  static let keyValueHeads = 2
  static let feedForwardWidth = 64
  static let contextLength = 4096
  static let rank = 4

  /// Ids of the controls, as in the default model.
  static let controls = 17
  static let words = [
    "the", "a", "of", "and", "in", "to", "was", "old", "light", "river", "stone", "letter",
    "evening", "garden", "window", "boat", "quiet", "under", "over", "morning", "road", "house",
    "wind", "summer", "bread", "lamp", "harbour", "snow", "bell", "field", "voice", "paper",
  ]

  /// Controls, bytes, and the words with a blank before them.
  package static var vocabularySize: Int { controls + 256 + words.count }

  /// Writes config.json, tokenizer.json, model.safetensors and adapter.safetensors into `folder`,
  /// which exists. Another seed gives another model. Throws where a file cannot be written.
  package static func write(to folder: String, seed: UInt64 = 1) throws {
    try save(Array(configuration.serialized().utf8), "\(folder)/config.json")
    try save(Array(tokenizer.serialized().utf8), "\(folder)/tokenizer.json")
    let base = "\(folder)/model.safetensors"
    try save(weights(seed).bytes(), base)
    try save(adapter(seed, base: try sha256(ofFile: base)).bytes(), "\(folder)/adapter.safetensors")
  }

  private static func save(_ bytes: [UInt8], _ path: String) throws {
    try Files.write(bytes, to: path)
  }

  package static var configuration: JSONValue {
    [
      "architectures": ["LlamaForCausalLM"], "model_type": "llama",
      "hidden_size": .integer(width), "intermediate_size": .integer(feedForwardWidth),
      "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
      "num_key_value_heads": .integer(keyValueHeads), "vocab_size": .integer(vocabularySize),
      "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
      "max_position_embeddings": .integer(contextLength), "tie_word_embeddings": true,
      "bos_token_id": 0, "eos_token_id": 0,
    ]
  }

  package static var tokenizer: JSONValue { tokenizer(controls: controls) }

  /// A byte-level tokenizer: control tokens, some of them by the spellings in `named`, then the bytes,
  /// then the words.
  static func tokenizer(controls: Int, named: [Int: String] = [:]) -> JSONValue {
    var vocabulary = JSONObject()
    var added: [JSONValue] = []
    for id in 0..<controls {
      let spelling = named[id] ?? "<control_\(id)>"
      vocabulary[spelling] = .integer(id)
      added.append([
        "id": .integer(id), "content": .string(spelling), "special": true,
        "normalized": false, "single_word": false, "lstrip": false, "rstrip": false,
      ])
    }
    for byte in 0..<256 {
      vocabulary[String(spelling(UInt8(byte)))] = .integer(controls + byte)
    }
    for (index, word) in words.enumerated() {
      vocabulary["\(spelling(0x20))\(word)"] = .integer(controls + 256 + index)
    }
    let byteLevel: JSONValue = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    ]
    return [
      "version": "1.0", "added_tokens": .array(added), "normalizer": nil,
      "pre_tokenizer": byteLevel, "post_processor": nil, "decoder": byteLevel,
      "model": [
        "type": "BPE", "ignore_merges": true, "vocab": .object(vocabulary), "merges": [],
      ],
    ]
  }

  /// The character of a byte in byte-level vocabularies (GPT-2): the printable character itself,
  /// else the next one from U+0100.
  static func spelling(_ byte: UInt8) -> Character {
    func prints(_ value: UInt8) -> Bool {
      (0x21...0x7E).contains(value) || (0xA1...0xAC).contains(value) || value >= 0xAE
    }
    if prints(byte) { return Character(Unicode.Scalar(byte)) }
    let place = (0..<byte).count { !prints($0) }
    return Character(Unicode.Scalar(0x100 + UInt32(place)) ?? " ")
  }

  /// Values around 0, a function of seed, tensor and place alone.
  private struct Weights {
    let seed: UInt64
    private var tensor = 0

    init(seed: UInt64) { self.seed = seed }

    mutating func next(_ count: Int, scale: Float) -> [Float] {
      tensor += 1
      return (0..<count).map { index in
        let unit = CounterRandom.unit(seed: seed, slot: tensor, token: index)
        return Float(2 * unit - 1) * scale
      }
    }
  }

  private static func weights(_ seed: UInt64) -> SafetensorsWriter {
    var random = Weights(seed: seed)
    var file = SafetensorsWriter()
    // Long rows are likely tokens: words, less so lower-case letters; bytes hardly ever.
    var embedding: [Float] = []
    for id in 0..<vocabularySize {
      let byte = id - controls
      let scale: Float =
        byte >= 256
        ? 1 : byte == Int(UInt8(ascii: ".")) || byte == Int(UInt8(ascii: ",")) ? 0.7 : 0.1
      embedding += random.next(width, scale: scale)
    }
    file.add("model.embed_tokens.weight", shape: [vocabularySize, width], embedding)
    let keyWidth = width / heads * keyValueHeads
    for layer in 0..<layers {
      let name = "model.layers.\(layer)"
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        file.add("\(name).\(norm).weight", shape: [width], ones)
      }
      for (part, rows, columns) in [
        ("self_attn.q_proj", width, width), ("self_attn.k_proj", keyWidth, width),
        ("self_attn.v_proj", keyWidth, width), ("self_attn.o_proj", width, width),
        ("mlp.gate_proj", feedForwardWidth, width), ("mlp.up_proj", feedForwardWidth, width),
        ("mlp.down_proj", width, feedForwardWidth),
      ] {
        file.add(
          "\(name).\(part).weight", shape: [rows, columns],
          random.next(rows * columns, scale: 0.4))
      }
    }
    file.add("model.norm.weight", shape: [width], ones)
    return file
  }

  private static func adapter(_ seed: UInt64, base: String) -> SafetensorsWriter {
    var random = Weights(seed: seed &+ 1)
    var file = SafetensorsWriter(metadata: [
      "format": "palimpsest-adapter-1", "base.sha256": base, "base.name": "tiny",
      "lora.rank": "\(rank)", "lora.scale": "1.0", "token.mask": "16", "token.expand": "15",
      "token.delete": "14", "token.start": "0", "prediction": "shifted",
    ])
    let keyWidth = width / heads * keyValueHeads
    for layer in 0..<layers {
      let name = "blk.\(layer)"
      for norm in ["attn_norm", "ffn_norm"] {
        file.add("\(name).\(norm).weight", shape: [width], ones)
      }
      for (part, output, input) in [
        ("attn_q", width, width), ("attn_k", keyWidth, width), ("attn_v", keyWidth, width),
        ("attn_output", width, width), ("ffn_gate", feedForwardWidth, width),
        ("ffn_up", feedForwardWidth, width), ("ffn_down", width, feedForwardWidth),
      ] {
        file.add(
          "\(name).\(part).lora_a", shape: [rank, input], random.next(rank * input, scale: 0.4))
        file.add(
          "\(name).\(part).lora_b", shape: [output, rank], random.next(output * rank, scale: 0.4))
      }
    }
    file.add("output_norm.weight", shape: [width], ones)
    file.add("token_embd.special", shape: [3, width], random.next(3 * width, scale: 0.7))
    return file
  }

  private static var ones: [Float] { [Float](repeating: 1, count: width) }
}
