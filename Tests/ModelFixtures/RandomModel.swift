import Checkpoints
public import Foundation
import JSON
public import Tensors
public import TestSupport
public import Transformers

/// A transformer with random weights: family, geometry and weights follow from the seed. The
/// vocabulary is small, so that drafts come true now and then.
public struct RandomModel {
  public let transformer: Transformer
  public let description: String
  public var mask: Int { transformer.configuration.vocabularySize - 1 }

  private static let families = ["llama", "qwen2", "qwen3", "nemotron_labs_diffusion"]

  /// YaRN's original window of the Nemotron models.
  public static let window = 24

  public init(
    seed: Int, family: String? = nil, format: LinearWeights.Format = .f32, kernels: Kernels
  ) throws {
    var random = Mutator(seed: seed)
    let family = family ?? Self.families[random.next(Self.families.count)]
    let keyValueHeads = 1 + random.next(2)
    let heads = keyValueHeads * (1 + random.next(2))
    // Attention rounds keys of heads of 16 columns, and not those of odd sizes.
    let headSize = random.next(2) == 0 ? 16 : 2 * (2 + random.next(4))
    let width = 4 * (3 + random.next(5))
    let layers = 1 + random.next(3)
    let inner = 4 * (3 + random.next(6))
    let vocabulary = 6 + random.next(14)
    let isNemotron = family == "nemotron_labs_diffusion"
    let isTied = !isNemotron && random.next(2) == 0
    description = """
      seed \(seed): \(family), width \(width), \(layers) layers, \(heads)/\(keyValueHeads) heads of \
      \(headSize), vocabulary \(vocabulary)
      """
    let rotary: JSONValue =
      isNemotron
      ? [
        "rope_type": "yarn", "rope_theta": 10000, "factor": 16,
        "original_max_position_embeddings": .integer(Self.window), "beta_fast": 32, "beta_slow": 1,
        "mscale": 1, "mscale_all_dim": 1, "llama_4_scaling_beta": 0.1,
      ] : ["rope_type": "default", "rope_theta": 10000]
    let configuration: JSONValue = [
      "model_type": .string(family), "hidden_size": .integer(width),
      "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
      "num_key_value_heads": .integer(keyValueHeads), "head_dim": .integer(headSize),
      "intermediate_size": .integer(inner), "vocab_size": .integer(vocabulary),
      "max_position_embeddings": 512, "rms_norm_eps": 1e-6, "rope_parameters": rotary,
      "tie_word_embeddings": .bool(isTied), "mask_token_id": .integer(vocabulary - 1),
      "attention_bias": .bool(family == "qwen2"),
    ]

    var tensors: [(name: String, shape: [Int])] = []
    let prefix = isNemotron ? "encoder" : "model"
    tensors.append(("\(prefix).embed_tokens.weight", [vocabulary, width]))
    tensors.append(("\(prefix).norm.weight", [width]))
    if !isTied {
      tensors.append(
        (isNemotron ? "diffusion_head.weight" : "lm_head.weight", [vocabulary, width]))
    }
    for layer in 0..<layers {
      let name = "\(prefix).layers.\(layer)"
      tensors.append(("\(name).input_layernorm.weight", [width]))
      tensors.append(("\(name).post_attention_layernorm.weight", [width]))
      for (part, rows) in [("q", heads), ("k", keyValueHeads), ("v", keyValueHeads)] {
        tensors.append(("\(name).self_attn.\(part)_proj.weight", [rows * headSize, width]))
        if family == "qwen2" {
          tensors.append(("\(name).self_attn.\(part)_proj.bias", [rows * headSize]))
        }
      }
      tensors.append(("\(name).self_attn.o_proj.weight", [width, heads * headSize]))
      if family == "qwen3" {
        tensors.append(("\(name).self_attn.q_norm.weight", [headSize]))
        tensors.append(("\(name).self_attn.k_norm.weight", [headSize]))
      }
      tensors.append(("\(name).mlp.gate_proj.weight", [inner, width]))
      tensors.append(("\(name).mlp.up_proj.weight", [inner, width]))
      tensors.append(("\(name).mlp.down_proj.weight", [width, inner]))
    }

    let folder = FileManager.default.temporaryDirectory.appending(path: "random-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(configuration.serialized().utf8).write(to: folder.appending(path: "config.json"))
    try Self.safetensors(tensors, &random).write(
      to: folder.appending(path: "model.safetensors"))
    transformer = try Transformer(Checkpoint.open(folder.path), kernels: kernels, format: format)
  }

  /// Norm weights around 1, all others uniform of variance 1 / columns, twice that in the head.
  public static func safetensors(
    _ tensors: [(name: String, shape: [Int])], _ random: inout Mutator
  ) -> Data {
    var header: [String] = []
    var data: [UInt8] = []
    for (name, shape) in tensors {
      let count = shape.reduce(1, *)
      let isNorm = name.contains("norm")
      let spread = isNorm ? 0.3 : (3 / Double(shape.last ?? 1)).squareRoot()
      let start = data.count
      for _ in 0..<count {
        let unit = Double(random.next(1 << 24)) / Double(1 << 23) - 1
        let value = Float((isNorm ? 1 : 0) + unit * spread)
        append(value.bitPattern, to: &data)
      }
      header.append(
        "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(start),\(data.count)]}"
      )
    }
    let text = Array("{\(header.joined(separator: ","))}".utf8)
    var result: [UInt8] = []
    append(UInt64(text.count), to: &result)
    return Data(result + text + data)
  }

  /// Little-endian bytes of a number.
  private static func append(_ value: some FixedWidthInteger, to data: inout [UInt8]) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      data.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
