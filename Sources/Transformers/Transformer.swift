public import Checkpoints
public import Tensors

/// A decoder-only transformer: weights, packed once, and the buffers of its passes. Pre-norm blocks
/// with rotary grouped-query attention and a gated feed-forward; what varies between families is in
/// the configuration.
///
/// A reference type, confined to one engine: passes share the buffers.
public final class Transformer {
  public let configuration: ModelConfiguration
  public let kernels: Kernels
  private let embedding: Tensor
  private let layers: [LayerWeights]
  private let finalNorm: Matrix
  private let head: LinearWeights
  private let rotary: RotaryEmbedding
  private var activations: Activations
  private let layout = PassLayout()
  private let precision: AttentionPrecision
  /// Where passes add the time of their stages, while a profile is taken.
  public var stageTimes: StageTimes?

  /// Reads and packs all weights, matrices as `format`, or takes them from `packed`. `progress` is
  /// called with the share done, 0...1, between layers; what it throws ends the loading.
  public init(
    _ checkpoint: Checkpoint, kernels: Kernels, format: LinearWeights.Format = .f32,
    packed: PackedWeights? = nil, progress: (Double) throws -> Void = { _ in }
  ) throws {
    let (family, model) = try ModelFamily.identify(checkpoint)
    let names = family.tensorNames(in: checkpoint)
    let interleaved = checkpoint.gguf != nil && family.ggufInterleavesRotary
    let loader = WeightLoader(
      checkpoint: checkpoint, kernels: kernels, format: format,
      interleavedHeadSize: interleaved ? model.headSize : nil, packed: packed)
    configuration = model
    self.kernels = kernels
    precision = format == .f32 ? .full : .rounded
    let shape = [model.vocabularySize, model.width]
    embedding = try loader.tensor("\(names.embedding).weight", shape)
    // A layer missing at the end is found before the first is packed.
    _ = try loader.tensor("\(names.layer(model.layers - 1).feedForwardNorm).weight", [model.width])
    layers = try (0..<model.layers).map { index in
      try progress(Double(index) / Double(model.layers + 1))
      // What is packed need not stay in memory as it was stored, too.
      defer { checkpoint.releasePages() }
      return try LayerWeights(loader, names.layer(index), model, index: index)
    }
    try progress(Double(model.layers) / Double(model.layers + 1))
    finalNorm = try loader.vector(names.finalNorm, model.width)
    // Errors of the head are errors of every choice: it has no less than 8 bits.
    var headLoader = loader
    if format == .int4 { headLoader.format = .int8 }
    head = headLoader.pack(
      model.tiesEmbedding ? embedding : try loader.tensor("\(names.head).weight", shape))
    rotary = RotaryEmbedding(model.rotary)
    activations = Activations(model, rotary, rows: 64)
    checkpoint.releasePages()
    try progress(1)
  }

  /// Bytes of the packed weights.
  public var byteCount: Int {
    layers.reduce(head.byteCount) { $0 + $1.byteCount }
  }

  /// The residual stream of the last pass, `[rows, width]`: after all layers once `run` returned,
  /// before layer l inside `beforeLayer(l)`. Valid until the next pass.
  public var hidden: Matrix { activations.hidden }

  /// Runs a pass; the states of its tokens are then in `hidden`, its keys and values in its target.
  ///
  /// `beforeLayer` is called before each layer; what it throws ends the pass, and the target is as
  /// it was. Positions must be below the context length, tokens below the vocabulary's size.
  public func run(_ pass: ForwardPass, beforeLayer: (Int) throws -> Void = { _ in }) throws {
    let rows = pass.tokens.count
    if activations.rows < rows {
      activations = Activations(configuration, rotary, rows: max(rows, 2 * activations.rows))
    }
    pass.adapter?.reserve(rows)
    pass.drafter?.reserve(rows)
    layout.set(pass)
    defer { layout.clear() }
    stageTimes.measure(.embedding) {
      embed(pass)
      activations.angles.set(positions: pass.positions)
    }
    for layer in layers.indices {
      try beforeLayer(layer)
      runLayer(layer, pass, rows)
    }
    layout.extendTargets()
  }

  /// Copies the given rows of the last pass's states, normalised, into the first rows of `states`
  /// `[>= rows.count, width]`.
  public func states(rows: [Int], adapter: Adapter? = nil, into states: Matrix) {
    states.gather(rows, of: activations.hidden)
    kernels.rmsNorm(
      states, rows: rows.count, weight: adapter?.finalNorm ?? finalNorm,
      epsilon: configuration.normEpsilon, into: states)
  }

  /// Logits of the first `rows` normalised states, into `logits` `[>= rows, vocabulary]`.
  public func project(states: Matrix, rows: Int, into logits: Matrix) {
    stageTimes.measure(.head) { kernels.linear(states, rows: rows, head, into: logits) }
  }

  /// Rows `[rows.count, vocabulary]` of logits, in buffers of their own.
  public func logits(rows: [Int], adapter: Adapter? = nil) -> Matrix {
    let result = Matrix(rows: rows.count, columns: configuration.vocabularySize)
    let states = Matrix(rows: rows.count, columns: configuration.width)
    self.states(rows: rows, adapter: adapter, into: states)
    project(states: states, rows: rows.count, into: result)
    return result
  }

  /// Turns all keys of a cache by `delta` positions.
  func turn(_ cache: KeyValueCache, by delta: Int) {
    let angles = RotaryAngles(frequencies: rotary.frequencies, capacity: cache.count)
    angles.set(positions: Array(repeating: delta, count: cache.count))
    cache.forgetRounded(from: 0)
    for layer in cache.layers {
      kernels.rotate(
        layer, rows: cache.count, heads: configuration.keyValueHeads,
        headSize: configuration.headSize, by: angles)
    }
  }

  private func embed(_ pass: ForwardPass) {
    for row in 0..<pass.tokens.count {
      let token = pass.tokens[row]
      precondition(
        (0..<configuration.vocabularySize).contains(token),
        "token \(token) of \(configuration.vocabularySize)")
      if let adapter = pass.adapter, let special = adapter.tokens.row(of: token) {
        activations.hidden.copyRows(special..<special + 1, of: adapter.special, to: row)
      } else {
        activations.hidden.setRow(row, from: embedding, row: token)
      }
    }
  }

  private func runLayer(_ index: Int, _ pass: ForwardPass, _ rows: Int) {
    let (weights, buffers) = (layers[index], activations)
    let adapter = pass.adapter
    let extra = adapter?.layers[index]
    // A lone group's keys are made where they go.
    let lone = layout.loneTarget
    let keyValue = lone?.layers[index] ?? buffers.keyValue
    let first = lone == nil ? 0 : layout.groups[0].first

    normalize(rows, extra?.attentionNorm ?? weights.attentionNorm)
    project(
      .queryKeyValue, buffers.normed, rows, weights.query, adapter, extra?.query,
      into: buffers.query)
    project(
      .queryKeyValue, buffers.normed, rows, weights.keyValue, adapter, extra?.keyValue,
      into: keyValue, at: first)
    if let bias = weights.queryBias { kernels.addBias(bias, to: buffers.query, rows: rows) }
    if let bias = weights.keyValueBias {
      kernels.addBias(bias, to: keyValue, from: first, rows: rows)
    }
    stageTimes.measure(.rotation) {
      rotate(weights, keyValue, first: first, rows: rows, positions: pass.positions)
    }
    if lone == nil {
      for place in 0..<layout.groups.count {
        let group = layout.groups[place]
        group.target?.layers[index].copyRows(group.rows, of: keyValue, to: group.first)
      }
    }
    stageTimes.measure(.attention) { attend(index) }
    project(
      .output, buffers.attended, rows, weights.output, adapter, extra?.output, into: buffers.hidden,
      accumulate: true)
    pass.drafter?.add(
      layer: index, buffers.attended, rows: rows, into: buffers.hidden, kernels: kernels)

    normalize(rows, extra?.feedForwardNorm ?? weights.feedForwardNorm)
    switch weights.feedForward {
    case .dense(let dense):
      project(
        .gateUp, buffers.normed, rows, dense.gateUp, adapter, extra?.gateUp, into: buffers.gateUp)
      stageTimes.measure(.activation) {
        kernels.swiglu(buffers.gateUp, rows: rows, into: buffers.inner)
      }
      project(
        .down, buffers.inner, rows, dense.down, adapter, extra?.down, into: buffers.hidden,
        accumulate: true)
    case .experts(let experts): runExperts(experts, rows)
    }
  }

  /// hidden += shared(x) + Σ weight · expert(x), x the normalised rows. The rows of one expert are
  /// computed together.
  private func runExperts(_ experts: Experts, _ rows: Int) {
    guard let buffers = activations.experts else {
      preconditionFailure("experts without buffers")
    }
    let (x, hidden) = (activations.normed, activations.hidden)
    kernels.linear(x, rows: rows, experts.router, into: buffers.routing)
    var users = [[(row: Int, weight: Float)]](repeating: [], count: experts.experts.count)
    for row in 0..<rows {
      for (expert, weight) in experts.route(buffers.routing.row(row)) {
        users[expert].append((row, weight))
      }
    }
    for (expert, users) in zip(experts.experts, users) where !users.isEmpty {
      buffers.gathered.gather(users.map(\.row), of: x)
      kernels.linear(buffers.gathered, rows: users.count, expert.gateUp, into: buffers.gateUp)
      kernels.swiglu(buffers.gateUp, rows: users.count, into: buffers.inner)
      for (index, user) in users.enumerated() {
        kernels.linear(
          buffers.inner, from: index, rows: 1, expert.down, into: hidden, at: user.row,
          accumulate: true, scale: user.weight)
      }
    }
    guard let shared = experts.shared else { return }
    kernels.linear(x, rows: rows, shared.gateUp, into: buffers.sharedGateUp)
    kernels.swiglu(buffers.sharedGateUp, rows: rows, into: buffers.sharedInner)
    kernels.linear(buffers.sharedInner, rows: rows, shared.down, into: hidden, accumulate: true)
  }

  private func normalize(_ rows: Int, _ weight: Matrix) {
    stageTimes.measure(.norms) {
      kernels.rmsNorm(
        activations.hidden, rows: rows, weight: weight, epsilon: configuration.normEpsilon,
        into: activations.normed)
    }
  }

  /// y = W x + scale · B (A x), or y += that.
  private func project(
    _ stage: StageTimes.Stage, _ x: Matrix, _ rows: Int, _ weights: LinearWeights,
    _ adapter: Adapter?,
    _ lowRank: Adapter.LowRank?, into y: Matrix, at row: Int = 0, accumulate: Bool = false
  ) {
    let merged = lowRank?.merged
    stageTimes.measure(stage) {
      kernels.linear(x, rows: rows, merged ?? weights, into: y, at: row, accumulate: accumulate)
    }
    guard let adapter, case .beside(let a, let b) = lowRank else { return }
    stageTimes.measure(.adapter) {
      let inner = a.rows == adapter.rank ? adapter.narrow : adapter.wide
      kernels.linear(x, rows: rows, a, into: inner)
      kernels.linear(
        inner, rows: rows, b, into: y, at: row, accumulate: true, scale: adapter.scale)
    }
  }

  private func rotate(
    _ weights: LayerWeights, _ keyValue: Matrix, first: Int, rows: Int, positions: [Int]
  ) {
    let model = configuration
    let buffers = activations
    if let norm = weights.queryNorm {
      kernels.rmsNorm(
        buffers.query, rows: rows, column: 0, heads: model.heads, weight: norm,
        epsilon: model.normEpsilon, into: buffers.query)
    }
    if let norm = weights.keyNorm {
      kernels.rmsNorm(
        keyValue, from: first, rows: rows, column: 0, heads: model.keyValueHeads, weight: norm,
        epsilon: model.normEpsilon, into: keyValue)
    }
    kernels.rotate(
      buffers.query, rows: rows, heads: model.heads, headSize: model.headSize, by: buffers.angles)
    if let scale = model.rotary.queryScale {
      for row in 0..<rows where positions[row] >= scale.original {
        buffers.query.scaleRow(row, by: scale.factor(at: positions[row]))
      }
    }
    kernels.rotate(
      keyValue, from: first, rows: rows, heads: model.keyValueHeads, headSize: model.headSize,
      by: buffers.angles)
  }

  private func attend(_ index: Int) {
    let model = configuration
    if precision == .rounded { layout.roundContexts(layer: index, on: kernels) }
    let plan = layout.attention(
      layer: index, keyValue: activations.keyValue, keyWidth: model.keyWidth)
    kernels.attention(
      activations.query, heads: model.heads, keyValueHeads: model.keyValueHeads,
      headSize: model.headSize, plan, precision: precision, into: activations.attended)
  }
}

extension AdapterTokens {
  /// Row of the trained input embeddings for `token`; nil for all other tokens.
  func row(of token: Int) -> Int? {
    switch token {
    case mask: 0
    case delete: 1
    case expand: 2
    default: nil
    }
  }
}
