internal import Checkpoints
internal import Tensors
internal import Transformers

/// A base and its adapter, packed for the kernels or taken from the cache.
struct ModelWeights {
  let kernels: Kernels
  let format: LinearWeights.Format
  let transformer: Transformer
  /// Nil without an adapter.
  let adapter: Adapter?

  /// Reads, checks and packs. `progress` is called with 0...1 and may throw to end it. Throws for
  /// an adapter of another base.
  init(
    _ checkpoint: Checkpoint, adapter path: String?, _ source: ModelSource,
    progress: (Double) throws -> Void
  ) throws {
    kernels = try Kernels(level: source.kernels, threads: source.threads)
    // OpenBLAS multiplies fp32 alone.
    format = kernels.level == .openblas ? .f32 : source.weights ?? .int8
    // fp32 is the reference, and large.
    let cache =
      format == .f32
      ? nil
      : try WeightCache(
        files: checkpoint.files + [path].compactMap(\.self), settings: format.rawValue,
        level: kernels.level)
    transformer = try Transformer(
      checkpoint, kernels: kernels, format: format, packed: cache?.weights, progress: progress)
    if let path {
      let adapter = try Adapter(
        path: path, model: transformer.configuration, kernels: kernels, format: format,
        merging: format == .f32 ? nil : checkpoint, packed: cache?.weights)
      try ModelSource.checkBase(checkpoint, adapter: path, expected: adapter.baseDigest)
      self.adapter = adapter
    } else {
      adapter = nil
    }
    cache?.save()
  }
}
