public import Checkpoints
internal import Platform
public import Tensors

/// The model that an engine loads, and its kernels and threads.
public struct ModelSource: Sendable {
  /// A path, or a name in the library; nil is the default model.
  public var model: String?
  /// Path of an adapter; nil takes `adapter.safetensors` in the checkpoint's folder, and for the
  /// default model the built-in one.
  public var adapter: String?
  /// nil: the one that `PALIMPSEST_KERNELS` names, else the best one.
  public var kernels: KernelLevel?
  /// nil: one for each processor.
  public var threads: Int?
  /// Format of packed matrices; nil: 8 bits.
  public var weights: LinearWeights.Format?

  public init(
    model: String? = nil, adapter: String? = nil, kernels: KernelLevel? = nil, threads: Int? = nil,
    weights: LinearWeights.Format? = nil
  ) {
    self.model = model
    self.adapter = adapter
    self.kernels = kernels
    self.threads = threads
    self.weights = weights
  }

  /// Path of the adapter for a checkpoint, verified; nil without one. Reads a whole file once if
  /// its digest is not known yet.
  func adapterPath(for checkpoint: Checkpoint) throws -> String? {
    if let adapter { return adapter }
    let beside = "\(checkpoint.folder)/adapter.safetensors"
    if checkpoint.source == .folder, Files.isReadable(beside) { return beside }
    guard Files.size(checkpoint.path) == DefaultModel.size,
      try DigestRecord.digest(of: checkpoint.path) == DefaultModel.digest
    else { return nil }
    guard let path = DefaultModel.adapterPath() else { throw InferenceError.noAdapter }
    let found = try DigestRecord.digest(of: path)
    guard found == DefaultModel.adapterDigest else {
      throw InferenceError.damagedAdapter(path: path, found: found)
    }
    return path
  }

  /// Whether a checkpoint has an adapter beside it, or the built-in one is for a file of its size.
  /// Not verified.
  public static func hasAdapter(_ checkpoint: Checkpoint) -> Bool {
    if checkpoint.source == .folder {
      return Files.isReadable("\(checkpoint.folder)/adapter.safetensors")
    }
    return Files.size(checkpoint.path) == DefaultModel.size
      && DefaultModel.adapterPath() != nil
  }

  /// Throws unless the checkpoint is the base of digest `expected`.
  static func checkBase(_ checkpoint: Checkpoint, adapter: String, expected: String) throws {
    let file =
      checkpoint.source == .folder ? "\(checkpoint.path)/model.safetensors" : checkpoint.path
    let found = try DigestRecord.digest(of: file)
    guard found == expected else {
      throw InferenceError.wrongBase(
        model: file, adapter: adapter, expected: expected, found: found)
    }
  }
}
