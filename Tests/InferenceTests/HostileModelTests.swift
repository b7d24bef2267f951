import Checkpoints
import Decoding
import Foundation
import Infilling
import JSON
import Strings
import SyntheticModels
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

@testable import Inference

/// Checkpoints whose files are whole and whose values are not: an error that names file, field, what
/// was expected and what was found.
@Suite struct HostileModelTests {
  /// The tiny model with the floats of some tensors replaced.
  private func model(
    _ replace: (_ tensor: String, _ index: Int, _ count: Int) -> Float?
  ) throws -> TemporaryModel {
    let model = try TemporaryModel()
    let path = "\(model.folder)/model.safetensors"
    let file = try SafetensorsFile(path: path)
    var bytes = try #require(SharedFiles.bytes(path))
    let data = bytes.count - file.entries.values.reduce(0) { $0 + $1.range.count }
    for entry in file.entries.values {
      let count = entry.range.count / 4
      for index in 0..<count {
        guard let value = replace(entry.name, index, count) else { continue }
        for byte in 0..<4 {
          bytes[data + entry.range.lowerBound + 4 * index + byte] = UInt8(
            truncatingIfNeeded: value.bitPattern >> (8 * UInt32(byte)))
        }
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
    // The adapter is that of the whole base.
    try FileManager.default.removeItem(atPath: "\(model.folder)/adapter.safetensors")
    return model
  }

  private func writer(
    _ model: TemporaryModel, _ format: LinearWeights.Format = .int8
  ) throws -> TextGenerator {
    try TextGenerator(ModelSource(model: model.folder, threads: 1, weights: format))
  }

  /// The error that `body` throws.
  private func refusal(_ body: () throws -> Void) -> FileError? {
    #expect(throws: FileError.self, performing: body)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [LinearWeights.Format.f32, .int8, .int4])
  func weightsAreFinite(_ value: Float, _ format: LinearWeights.Format) throws {
    for name in [
      "model.embed_tokens.weight", "model.layers.1.mlp.up_proj.weight",
      "model.layers.0.self_attn.k_proj.weight", "model.layers.1.input_layernorm.weight",
      "model.norm.weight",
    ] {
      let model = try model { $0 == name && $1 == $2 - 1 ? value : nil }
      let error = refusal { _ = try writer(model, format) }
      #expect(error?.place.contains(name) == true)
      #expect(error?.expected == "finite numbers")
      #expect(error?.file.contains(model.folder) == true)
    }
  }

  /// Finite weights, and sums of their products that are not.
  @Test(arguments: [LinearWeights.Format.f32, .int8], 0..<2)
  func activationsAreFinite(_ format: LinearWeights.Format, _ layer: Int) throws {
    let model = try model { name, _, _ in
      name == "model.layers.\(layer).mlp.down_proj.weight"
        || name == "model.layers.\(layer).mlp.up_proj.weight" ? 3e38 : nil
    }
    let writer = try writer(model, format)
    let error = refusal {
      _ = try writer.write(GenerationRequest(prompt: "the old boat", maximumTokens: 3))
    }
    #expect(error?.place == "layer \(layer)" && error?.expected == "finite activations")
    // The model is as it was: the same error again.
    let again = refusal {
      _ = try writer.write(GenerationRequest(prompt: "the old boat", maximumTokens: 3))
    }
    #expect(again == error)
  }

  @Test func logitsAreFinite() throws {
    let model = try model { name, _, _ in name == "model.norm.weight" ? 3e38 : nil }
    let writer = try writer(model, .f32)
    let error = refusal {
      _ = try writer.write(GenerationRequest(prompt: "the old boat", maximumTokens: 3))
    }
    #expect(error?.place == "output matrix" && error?.found == "NaN or infinity")
  }

  @Test func fillsEndWithTheSameErrors() async throws {
    let model = try TemporaryModel()
    let path = "\(model.folder)/adapter.safetensors"
    var bytes = try #require(SharedFiles.bytes(path))
    for byte in bytes.count - 4..<bytes.count { bytes[byte] = 0xFF }
    try Data(bytes).write(to: URL(filePath: path))
    let error = await #expect(throws: FileError.self) {
      _ = try await model.infiller().begin(
        InfillRequest(prefix: "the old ", original: "boat", suffix: " was quiet"))
    }
    #expect(error?.place.contains("token_embd.special") == true)
  }

  /// A vocabulary of `count` more tokens than the embedding has rows.
  private func withTokens(beyond count: Int) throws -> TemporaryModel {
    let model = try TemporaryModel()
    let path = "\(model.folder)/tokenizer.json"
    let text = String(decoding: try #require(SharedFiles.bytes(path)), as: UTF8.self)
    let rows = TinyModel.vocabularySize
    let more = (0..<count).map { #""beyond\#($0)":\#(rows + $0),"# }.joined()
    let damaged = text.replacing(#""vocab":{"#, with: #""vocab":{"# + more)
    try Data(damaged.utf8).write(to: URL(filePath: path))
    return model
  }

  @Test(arguments: [1, 3])
  func tokensHaveRowsOfTheEmbedding(_ count: Int) async throws {
    let model = try withTokens(beyond: count)
    let rows = TinyModel.vocabularySize
    let error = refusal { _ = try writer(model) }
    #expect(error?.file == "\(model.folder)/tokenizer.json")
    #expect(error?.place == "token “beyond0”" && error?.found == "\(rows)")
    let other = await #expect(throws: FileError.self) {
      _ = try await model.infiller().prepare()
    }
    #expect(other == error)
  }

  /// Values of config.json that no model has, with the place that the error names.
  static let configurations: [(String, JSONValue, String)] = [
    ("num_attention_heads", 0, "num_attention_heads"),
    ("num_attention_heads", -4, "num_attention_heads"),
    ("num_attention_heads", 64, "head size"), ("num_attention_heads", 3, "key-value heads"),
    ("num_key_value_heads", 0, "num_key_value_heads"),
    ("num_key_value_heads", 3, "key-value heads"), ("head_dim", 7, "head size"),
    ("head_dim", 0, "head_dim"), ("head_dim", 262_144, "heads"), ("hidden_size", 0, "hidden_size"),
    ("hidden_size", 1_099_511_627_776, "hidden_size"),
    ("num_hidden_layers", 0, "num_hidden_layers"),
    ("num_hidden_layers", 1_000_000, "num_hidden_layers"), ("vocab_size", 0, "vocab_size"),
    ("vocab_size", 9_223_372_036_854_775_807, "vocab_size"), ("rms_norm_eps", 0, "rms_norm_eps"),
    ("rms_norm_eps", 1e300, "rms_norm_eps"), ("rope_theta", 0, "rope_theta"),
    ("rope_theta", 1, "rope_theta"), ("rope_theta", 1e300, "rope_theta"),
    ("max_position_embeddings", 0, "max_position_embeddings"),
    ("bos_token_id", 100_000, "bos token"),
    ("eos_token_id", [0, 100_000], "eos token"), ("eos_token_id", ["x"], "eos_token_id"),
    ("partial_rotary_factor", 1e-8, "rotary dimensions"),
    ("rope_scaling", ["type": "linear", "factor": 0], "factor"),
    ("rope_scaling", ["type": "linear", "factor": "x"], "factor"),
    (
      "rope_scaling", ["rope_type": "llama3", "factor": 8, "low_freq_factor": -1], "low_freq_factor"
    ),
  ]

  @Test(arguments: configurations.indices)
  func configurationsAreChecked(_ index: Int) throws {
    let (key, value, place) = Self.configurations[index]
    var object = try #require(TinyModel.configuration.object)
    object[key] = value
    let reader = ConfigurationReader(.object(object), file: "config.json")
    let error = refusal { _ = try ModelConfiguration(reader, family: .llama) }
    #expect(
      error?.place == place && error?.file == "config.json", "\(error?.description ?? "none")")
  }

  /// The largest geometry that is read can be counted.
  @Test func countsFit() throws {
    var model = ModelConfiguration(
      family: "llama", width: 1 << 18, layers: 1024, heads: 1 << 9, keyValueHeads: 1 << 9,
      headSize: 1 << 9, feedForwardWidth: 1 << 18, vocabularySize: 1 << 24, contextLength: 1 << 30,
      normEpsilon: 1e-6, rotary: RotaryConfiguration(theta: 1e4, dimensions: 2),
      tiesEmbedding: false)
    model.experts = ExpertConfiguration(
      count: 4096, active: 8, shared: 64, width: 1 << 18, hasBias: true)
    #expect(model.parameters > 1 << 59)
  }
}
