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
    case experts(Experts)
  }

  init(
    _ loader: WeightLoader, _ names: TensorNames.LayerNames, _ model: ModelConfiguration, index: Int
  ) throws {
    let (width, queryWidth, keyWidth) = (model.width, model.queryWidth, model.keyWidth)
    attentionNorm = try loader.vector(names.attentionNorm, width)
    if let fused = names.fusedQueryKeyValue {
      let rows = queryWidth + 2 * keyWidth
      let all = try loader.tensor("\(fused).weight", [rows, width])
      query = loader.pack(all.rows(0..<queryWidth))
      keyValue = loader.pack(all.rows(queryWidth..<rows))
    } else {
      query = loader.pack(try loader.rotated(names.query, queryWidth, width))
      keyValue = loader.pack(
        try loader.rotated(names.key, keyWidth, width),
        try loader.tensor("\(names.value).weight", [keyWidth, width]))
    }
    queryBias = model.attentionBias ? try loader.bias([(names.query, queryWidth)]) : nil
    keyValueBias =
      model.attentionBias
      ? try loader.bias([(names.key, keyWidth), (names.value, keyWidth)]) : nil
    queryNorm = model.queryKeyNorm ? try loader.vector(names.queryNorm, model.headSize) : nil
    keyNorm = model.queryKeyNorm ? try loader.vector(names.keyNorm, model.headSize) : nil
    output = try loader.linear(names.output, width, queryWidth)
    feedForwardNorm = try loader.vector(names.feedForwardNorm, width)
    if let experts = model.experts, index >= experts.denseLayers {
      feedForward = .experts(try Experts(loader, names, model, experts))
    } else {
      feedForward = .dense(
        try DenseFeedForward(loader, names, width: width, inner: model.feedForwardWidth))
    }
  }

  /// Bytes of the packed matrices.
  var byteCount: Int {
    let attention = query.byteCount + keyValue.byteCount + output.byteCount
    switch feedForward {
    case .dense(let dense): return attention + dense.byteCount
    case .experts(let experts): return attention + experts.byteCount
    }
  }
}

/// down(silu(gate x) · up x).
struct DenseFeedForward {
  /// Gate above up, `[2 · inner, width]`.
  let gateUp: LinearWeights
  /// `[width, inner]`.
  let down: LinearWeights

  init(
    _ loader: WeightLoader, _ names: TensorNames.LayerNames, width: Int, inner: Int
  ) throws {
    gateUp = loader.pack(
      try loader.tensor("\(names.gate).weight", [inner, width]),
      try loader.tensor("\(names.up).weight", [inner, width]))
    down = try loader.linear(names.down, width, inner)
  }

  init(gateUp: LinearWeights, down: LinearWeights) {
    self.gateUp = gateUp
    self.down = down
  }

  var byteCount: Int { gateUp.byteCount + down.byteCount }
}
