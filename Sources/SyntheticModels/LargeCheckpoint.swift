internal import Decoding
internal import JSON
internal import Platform

/// A made-up model of the geometry of Nemotron-Labs-Diffusion-8B or Nemotron-Labs-Diffusion-VLM-8B, 17 or 18
/// GB of bf16 in shards: for seeing that a model of that size loads from mapped files and denoises within
/// memory. Its weights are noise, and so is its text.
package enum LargeCheckpoint {
  /// Ids below are controls, the mask among them; bytes begin here, as in the published tokenizer.
  static let controls = 1000
  static let shardBytes = 4 << 30

  /// Writes config.json, tokenizer.json and the shards into `folder`, which exists. `layers` fewer
  /// than the published 34 make a smaller model; one that sees pictures has a vision tower. Throws where
  /// a file cannot be written. Memory: a few megabytes.
  package static func write(
    to folder: String, layers: Int = 34, seesPictures: Bool = false
  ) throws {
    try Files.write(
      Array(configuration(layers, seesPictures).serialized().utf8), to: "\(folder)/config.json")
    let named =
      seesPictures
      ? [18: "<|image_start|>", 19: "<|image_pad|>", 20: "<|image_break|>", 21: "<|image_end|>"]
      : [:]
    try Files.write(
      Array(TinyModel.tokenizer(controls: controls, named: named).serialized().utf8),
      to: "\(folder)/tokenizer.json")
    let shards = shards(parts(layers, seesPictures))
    var map = JSONObject()
    for (index, tensors) in shards.enumerated() {
      let name = "model-\(index + 1)-of-\(shards.count).safetensors"
      try write(tensors, to: "\(folder)/\(name)", seed: UInt64(index + 1))
      for tensor in tensors { map[tensor.name] = .string(name) }
    }
    let index: JSONValue = ["metadata": [:], "weight_map": .object(map)]
    try Files.write(
      Array(index.serialized().utf8), to: "\(folder)/model.safetensors.index.json")
  }

  private static let (width, inner, queryWidth, keyWidth) = (4096, 14336, 4096, 1024)

  /// The vision model has one token more.
  private static func vocabularySize(_ seesPictures: Bool) -> Int {
    seesPictures ? 131_073 : 131_072
  }

  private static func configuration(_ layers: Int, _ seesPictures: Bool) -> JSONValue {
    let vision: JSONValue = [
      "model_type": "pixtral", "hidden_size": .integer(visionWidth),
      "intermediate_size": .integer(visionInner), "num_hidden_layers": .integer(visionLayers),
      "num_attention_heads": 16, "head_dim": 64, "num_channels": 3,
      "patch_size": .integer(patchSize), "image_size": 1540, "hidden_act": "silu",
      "rope_parameters": ["rope_type": "default", "rope_theta": 10000.0],
    ]
    let name = seesPictures ? "NemotronLabsDiffusionVLMModel" : "NemotronLabsDiffusionModel"
    let type = seesPictures ? "nemotron_labs_diffusion_vlm" : "nemotron_labs_diffusion"
    return [
      "architectures": [.string(name)], "model_type": .string(type),
      "vision_config": seesPictures ? vision : nil, "spatial_merge_size": 2,
      "hidden_size": .integer(width), "intermediate_size": .integer(inner),
      "num_hidden_layers": .integer(layers), "num_attention_heads": 32, "num_key_value_heads": 8,
      "head_dim": 128, "vocab_size": .integer(vocabularySize(seesPictures)),
      "rms_norm_eps": 1e-5,
      "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 11, "mask_token_id": 100,
      "block_size": 32, "dlm_paradigm": "bidirectional", "max_position_embeddings": 262_144,
      "rope_parameters": [
        "rope_type": "yarn", "rope_theta": 1e6, "factor": 16.0,
        "original_max_position_embeddings": 16384, "beta_fast": 32.0, "beta_slow": 1.0,
        "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.1,
      ],
    ]
  }

  private struct Part {
    var name: String
    var shape: [Int]

    var byteCount: Int { 2 * shape.reduce(1, *) }
  }

  private static let (visionWidth, visionInner, visionLayers, patchSize) = (1024, 4096, 24, 14)

  private static func parts(_ layers: Int, _ seesPictures: Bool) -> [Part] {
    let vocabularySize = vocabularySize(seesPictures)
    var parts = [Part(name: "encoder.embed_tokens.weight", shape: [vocabularySize, width])]
    for layer in 0..<layers {
      let name = "encoder.layers.\(layer)"
      for (part, rows, columns) in [
        ("self_attn.q_proj", queryWidth, width), ("self_attn.k_proj", keyWidth, width),
        ("self_attn.v_proj", keyWidth, width), ("self_attn.o_proj", width, queryWidth),
        ("mlp.gate_proj", inner, width), ("mlp.up_proj", inner, width),
        ("mlp.down_proj", width, inner),
      ] {
        parts.append(Part(name: "\(name).\(part).weight", shape: [rows, columns]))
      }
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        parts.append(Part(name: "\(name).\(norm).weight", shape: [width]))
      }
    }
    parts.append(Part(name: "encoder.norm.weight", shape: [width]))
    parts.append(Part(name: "diffusion_head.weight", shape: [vocabularySize, width]))
    return seesPictures ? parts + visionParts : parts
  }

  private static var visionParts: [Part] {
    let (tower, projector) = ("encoder.vision_tower", "encoder.multi_modal_projector")
    var parts = [
      Part(
        name: "\(tower).patch_conv.weight", shape: [visionWidth, 3, patchSize, patchSize]),
      Part(name: "\(tower).ln_pre.weight", shape: [visionWidth]),
      Part(name: "\(projector).norm.weight", shape: [visionWidth]),
      Part(
        name: "\(projector).patch_merger.merging_layer.weight",
        shape: [visionWidth, 4 * visionWidth]),
      Part(name: "\(projector).linear_1.weight", shape: [width, visionWidth]),
      Part(name: "\(projector).linear_2.weight", shape: [width, width]),
    ]
    for layer in 0..<visionLayers {
      let name = "\(tower).transformer.layers.\(layer)"
      for norm in ["attention_norm", "ffn_norm"] {
        parts.append(Part(name: "\(name).\(norm).weight", shape: [visionWidth]))
      }
      for part in ["q_proj", "k_proj", "v_proj", "o_proj"] {
        parts.append(
          Part(name: "\(name).attention.\(part).weight", shape: [visionWidth, visionWidth]))
      }
      for (part, rows, columns) in [
        ("gate_proj", visionInner, visionWidth), ("up_proj", visionInner, visionWidth),
        ("down_proj", visionWidth, visionInner),
      ] {
        parts.append(
          Part(name: "\(name).feed_forward.\(part).weight", shape: [rows, columns]))
      }
    }
    return parts
  }

  private static func shards(_ parts: [Part]) -> [[Part]] {
    var shards: [[Part]] = [[]]
    var bytes = 0
    for part in parts {
      if bytes + part.byteCount > shardBytes, !shards[shards.count - 1].isEmpty {
        shards.append([])
        bytes = 0
      }
      shards[shards.count - 1].append(part)
      bytes += part.byteCount
    }
    return shards
  }

  private static func write(_ parts: [Part], to path: String, seed: UInt64) throws {
    var header = JSONObject()
    var end = 0
    for part in parts {
      header[part.name] = [
        "dtype": "BF16", "shape": .array(part.shape.map(JSONValue.integer)),
        "data_offsets": [.integer(end), .integer(end + part.byteCount)],
      ]
      end += part.byteCount
    }
    var text = Array(JSONValue.object(header).serialized().utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(text.count) >> (8 * UInt64($0))) }
    let noise = noise(seed)
    // bf16 of 1 is 0x3F80.
    let ones = (0..<width).flatMap { _ in [0x80, 0x3F] as [UInt8] }
    try Files.write(path) { file in
      try file.append(length + text)
      var place = 0
      for part in parts {
        guard part.shape.count > 1 else {
          try file.append(Array(ones.prefix(part.byteCount)))
          continue
        }
        var rest = part.byteCount
        while rest > 0 {
          // Another beginning each time, or all matrices would be alike.
          place = (place + 7_654_322) % (noise.count / 2)
          let count = min(rest, noise.count - place)
          try file.append(Array(noise[place..<place + count]))
          rest -= count
        }
      }
    }
  }

  /// 16 MB of bf16 between −1/64 and 1/64, the spread of trained matrices of this width.
  private static func noise(_ seed: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1 << 24)
    for index in 0..<(1 << 21) {
      // Sign and seven bits of fraction are drawn, the exponent is one of four.
      let bits = CounterRandom.bits(seed: seed, slot: 0, token: index)
      for word in 0..<4 {
        let value = UInt16(truncatingIfNeeded: bits >> UInt64(16 * word))
        let exponent = UInt16(117) + (value >> 7 & 3)
        let number = value & 0x8000 | exponent << 7 | value & 0x7F
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(number >> 8))
      }
    }
    return bytes
  }
}
