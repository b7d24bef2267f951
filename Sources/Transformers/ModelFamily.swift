public import Checkpoints
internal import JSON
public import Strings
internal import Tensors

/// A family of checkpoints: how its configuration is read and what its tensors are called. A family
/// is one file that makes one value; `all` lists them.
public struct ModelFamily: Sendable {
  public var name: String
  /// `model_type` values of config.json.
  public var modelTypes: [String]
  /// `architectures` values of config.json.
  public var architectures: [String]
  /// `general.architecture` values of GGUF files.
  public var ggufArchitectures: [String]
  public var names: TensorNames
  /// What the names of tower and projector begin with, in families that see pictures.
  public var visionPrefix: String?
  /// Whether GGUF files of this family hold q and k rows in interleaved rotary order, as
  /// llama.cpp's converter writes them for Llama.
  public var ggufInterleavesRotary: Bool
  /// Completes a configuration read with the usual keys.
  public var adjust: @Sendable (inout ModelConfiguration, ConfigurationReader) throws -> Void
  /// The same for one read from GGUF metadata.
  public var adjustGGUF: @Sendable (inout ModelConfiguration, ConfigurationReader) throws -> Void
  /// Names of the usual keys in config.json where they differ.
  public var keys: ConfigurationKeys

  public init(
    name: String, modelTypes: [String], architectures: [String], ggufArchitectures: [String] = [],
    names: TensorNames = .huggingFace(prefix: "model"), visionPrefix: String? = nil,
    ggufInterleavesRotary: Bool = false,
    keys: ConfigurationKeys = ConfigurationKeys(),
    adjust: @escaping @Sendable (inout ModelConfiguration, ConfigurationReader) throws -> Void = {
      _, _ in
    },
    adjustGGUF: @escaping @Sendable (inout ModelConfiguration, ConfigurationReader) throws -> Void =
      { _, _ in }
  ) {
    self.name = name
    self.modelTypes = modelTypes
    self.architectures = architectures
    self.ggufArchitectures = ggufArchitectures
    self.names = names
    self.visionPrefix = visionPrefix
    self.ggufInterleavesRotary = ggufInterleavesRotary
    self.keys = keys
    self.adjust = adjust
    self.adjustGGUF = adjustGGUF
  }

  public static let all: [ModelFamily] = [
    .llama, .qwen2, .qwen3, .nemotronLabsDiffusion, .nemotronLabsDiffusionVLM, .fastDLLM, .llada,
    .lladaMoE, .dream, .rnd1,
    .sdar, .llada2,
  ]

  /// The name that a checkpoint gives itself, and the family that has it; nil where none has.
  public static func named(in checkpoint: Checkpoint) -> (name: String, family: ModelFamily?) {
    if let gguf = checkpoint.gguf {
      let name = gguf.metadata["general.architecture"]?.string ?? ""
      return (name, all.first { $0.ggufArchitectures.contains(name) })
    }
    let json = checkpoint.configuration
    let type = json?["model_type"]?.string ?? ""
    let architecture = json?["architectures"]?[0]?.string ?? ""
    return (
      type.isEmpty ? architecture : type,
      all.first { $0.architectures.contains(architecture) }
        ?? all.first { $0.modelTypes.contains(type) }
    )
  }

  /// The family of a checkpoint and its configuration. Throws for a family that is not known and a
  /// configuration that is damaged.
  public static func identify(_ checkpoint: Checkpoint) throws -> (ModelFamily, ModelConfiguration)
  {
    let (name, family) = named(in: checkpoint)
    if let gguf = checkpoint.gguf {
      guard let family else { throw unknown(checkpoint.path, "general.architecture", name) }
      return (family, try ModelConfiguration(gguf, family: family, architecture: name))
    }
    guard let json = checkpoint.configuration else {
      throw FileError(
        file: checkpoint.path, expected: "a config.json beside it", found: "none")
    }
    guard let family else { throw unknown(checkpoint.path, "model_type", name) }
    let reader = ConfigurationReader(
      json,
      file: checkpoint.source == .packed ? checkpoint.path : "\(checkpoint.folder)/config.json")
    return (family, try ModelConfiguration(reader, family: family))
  }

  /// Throws unless the embedding has the rows and columns that the configuration says.
  public func checkEmbedding(
    of checkpoint: Checkpoint, _ model: ModelConfiguration
  ) throws(FileError) {
    let name = "\(tensorNames(in: checkpoint).embedding).weight"
    let shape = try checkpoint.tensor(name).shape
    guard shape == [model.vocabularySize, model.width] else {
      throw FileError(
        file: checkpoint.path, place: "tensor \(name)",
        expected: "shape \([model.vocabularySize, model.width])", found: "\(shape)")
    }
  }

  /// The names that this family's tensors have in a checkpoint.
  public func tensorNames(in checkpoint: Checkpoint) -> TensorNames {
    checkpoint.gguf == nil ? names : .gguf
  }

  private static func unknown(_ file: String, _ place: String, _ found: String) -> FileError {
    let known = all.map(\.name).joined(separator: ", ")
    return FileError(
      file: file, place: place, expected: "one of the families \(known)",
      found: found.isEmpty ? "nothing" : found)
  }
}

/// Keys of config.json.
public struct ConfigurationKeys: Sendable {
  public var width = "hidden_size"
  public var layers = "num_hidden_layers"
  public var heads = "num_attention_heads"
  public var keyValueHeads = "num_key_value_heads"
  public var headSize = "head_dim"
  public var feedForwardWidth = "intermediate_size"
  /// Width of an expert, used where a model has no dense layers.
  public var expertWidth = "moe_intermediate_size"
  public var expertCount = "num_experts"
  public var activeExperts = "num_experts_per_tok"
  public var vocabularySize = "vocab_size"
  public var contextLength = "max_position_embeddings"
  public var normEpsilon = "rms_norm_eps"
  public var tiesEmbedding = "tie_word_embeddings"

  public init() {}
}
