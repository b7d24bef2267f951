internal import Tensors

/// Weights of one block, packed for the kernels.
struct LayerWeights {
  /// `[1, width]`.
  let attentionNorm: Matrix
  /// `[queryWidth, width]`.
  let query: LinearWeights
  /// Keys above values, `[2 · keyWidth, width]`: one product fills a row of a cache.
  let keyValue: LinearWeights
  /// `[1, queryWidth]` and `[1, 2 · keyWidth]`, nil without biases.
  let queryBias: Matrix?
  let keyValueBias: Matrix?
  /// `[1, headSize]`, nil without norms of q and k.
  let queryNorm: Matrix?
  let keyNorm: Matrix?
  /// `[width, queryWidth]`.
  let output: LinearWeights
  /// `[1, width]`.
  let feedForwardNorm: Matrix
  let feedForward: FeedForward

  enum FeedForward {
    case dense(DenseFeedForward)
  }

  init(_ loader: WeightLoader, _ names: TensorNames.LayerNames, _ model: ModelConfiguration) throws
  {
    let (width, queryWidth, keyWidth) = (model.width, model.queryWidth, model.keyWidth)
    attentionNorm = try loader.vector(names.attentionNorm, width)
    query = loader.pack(try loader.rotated(names.query, queryWidth, width))
    keyValue = loader.pack(
      try loader.rotated(names.key, keyWidth, width),
      try loader.tensor("\(names.value).weight", [keyWidth, width]))
    queryBias = nil
    keyValueBias = nil
    queryNorm = model.queryKeyNorm ? try loader.vector(names.queryNorm, model.headSize) : nil
    keyNorm = model.queryKeyNorm ? try loader.vector(names.keyNorm, model.headSize) : nil
    output = try loader.linear(names.output, width, queryWidth)
    feedForwardNorm = try loader.vector(names.feedForwardNorm, width)
    feedForward = .dense(try DenseFeedForward(loader, names, model))
  }
}

extension LayerWeights {
  /// Bytes of the packed matrices.
  var byteCount: Int {
    let attention = query.byteCount + keyValue.byteCount + output.byteCount
    switch feedForward {
    case .dense(let dense):
      return attention + dense.gate.byteCount + dense.up.byteCount + dense.down.byteCount
    }
  }
}

/// down(silu(gate x) · up x).
struct DenseFeedForward {
  /// `[feedForwardWidth, width]`.
  let gate: LinearWeights
  let up: LinearWeights
  /// `[width, feedForwardWidth]`.
  let down: LinearWeights

  init(_ loader: WeightLoader, _ names: TensorNames.LayerNames, _ model: ModelConfiguration) throws
  {
    gate = try loader.linear(names.gate, model.feedForwardWidth, model.width)
    up = try loader.linear(names.up, model.feedForwardWidth, model.width)
    down = try loader.linear(names.down, model.width, model.feedForwardWidth)
  }
}
