public import Checkpoints
public import Strings
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
  let layers: [LayerWeights]
  private let finalNorm: Matrix
  private let head: LinearWeights
  private let rotary: RotaryEmbedding
  /// Of a model that sees pictures.
  public let vision: PictureEncoder?
  /// What ids beyond the vocabulary stand for.
  public let pictures: PictureRows
  var activations: Activations
  let layout = PassLayout()
  /// Rows of the last pass that `hidden` holds, nil for all.
  var outputRows: [Int]?
  let format: LinearWeights.Format
  /// Of the checkpoint, for errors.
  private let path: String
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
    self.format = format
    path = checkpoint.path
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
    vision = try model.vision.flatMap { vision in
      try family.visionPrefix.map { try PictureEncoder(loader, prefix: $0, vision) }
    }
    pictures = PictureRows(vocabularySize: model.vocabularySize)
    activations = Activations(model, rotary, rows: 64, format: format, kernels: kernels)
    checkpoint.releasePages()
    try progress(1)
  }

  /// Bytes of the packed weights.
  public var byteCount: Int {
    layers.reduce(head.byteCount + (vision?.byteCount ?? 0)) { $0 + $1.byteCount }
  }

  /// The residual stream of the last pass, `[rows, width]`: before layer l inside `onLayer(l)`;
  /// once `run` returned, after all layers, of the rows that the pass wanted. Valid until the next
  /// pass.
  public var hidden: Matrix { activations.hidden }

  /// Runs a pass; the states that it wants are then in `hidden`, its keys and values in its target.
  ///
  /// `onLayer` is called before each layer; what it throws ends the pass, and the target is as
  /// it was. Positions must be below the context length, tokens below the vocabulary's size or those
  /// of `pictures`.
  public func run(_ pass: ForwardPass, onLayer: (Int) throws -> Void = { _ in }) throws {
    let rows = pass.tokens.count
    setOutputRows(pass.outputRows, below: rows)
    if activations.rows < rows {
      activations = Activations(
        configuration, rotary, rows: max(rows, 2 * activations.rows), format: format,
        kernels: kernels)
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
      try onLayer(layer)
      // Behind the last layer the rows are gone that the pass does not want.
      if layer == layers.count - 1 { try check(rows, pass) }
      runLayer(layer, pass, rows)
    }
    try check(outputRows?.count ?? rows, pass)
    layout.extendTargets()
  }

  /// Throws where a state of the pass is NaN or infinite.
  private func check(_ rows: Int, _ pass: ForwardPass) throws(FileError) {
    if activations.hidden.firstRowNotFinite(below: rows) == nil { return }
    throw FileError(
      file: path, place: firstNotFinite(pass), expected: "finite activations",
      found: "NaN or infinity")
  }

  /// Runs the pass again, to find the layer after which a state is not finite.
  private func firstNotFinite(_ pass: ForwardPass) -> String {
    let rows = pass.tokens.count
    embed(pass)
    if activations.hidden.firstRowNotFinite(below: rows) != nil { return "embedding" }
    for layer in layers.indices {
      runLayer(layer, pass, rows)
      let count = layer == layers.count - 1 ? outputRows?.count ?? rows : rows
      if activations.hidden.firstRowNotFinite(below: count) != nil { return "layer \(layer)" }
    }
    return "layers"
  }

  /// Throws where a summary of logits is not defined.
  public func check(_ summaries: [TopKSummary]) throws(FileError) {
    for index in 0..<summaries.count where !summaries[index].isDefined {
      throw FileError(
        file: path, place: "output matrix",
        expected: "a finite logit of a token that may be written",
        found: summaries[index].token < 0 ? "none" : "NaN or infinity")
    }
  }

  /// Copies the given rows of the last pass's states, normalised, into the first rows of `states`
  /// `[>= rows.count, width]`. Traps for a row that the pass did not want.
  public func states(rows: [Int], adapter: Adapter? = nil, into states: Matrix) {
    for index in 0..<rows.count {
      let place = place(of: rows[index])
      states.copyRows(place..<place + 1, of: activations.hidden, to: index)
    }
    normalize(states, rows: rows.count, weight: adapter?.finalNorm ?? finalNorm)
  }

  /// The same of a single row, without an adapter.
  func state(row: Int, into state: Matrix) {
    let place = place(of: row)
    state.copyRows(place..<place + 1, of: activations.hidden, to: 0)
    normalize(state, rows: 1, weight: finalNorm)
  }

  private func normalize(_ states: Matrix, rows: Int, weight: Matrix) {
    kernels.rmsNorm(
      states, rows: rows, weight: weight, epsilon: configuration.normEpsilon, into: states)
  }

  /// Notes the rows that a pass of `rows` rows wants, in memory of its own: whoever made the pass
  /// may make the next one in the memory of this one.
  private func setOutputRows(_ outputRows: [Int]?, below rows: Int) {
    guard let outputRows else {
      self.outputRows = nil
      return
    }
    self.outputRows?.removeAll(keepingCapacity: true)
    if self.outputRows == nil { self.outputRows = [] }
    var end = 0
    for index in 0..<outputRows.count {
      precondition(
        outputRows[index] >= end && outputRows[index] < rows, "wanted \(outputRows) of \(rows)")
      end = outputRows[index] + 1
      self.outputRows?.append(outputRows[index])
    }
  }

  /// Where `hidden` holds a row of the last pass.
  private func place(of row: Int) -> Int {
    guard let outputRows else { return row }
    var (low, high) = (0, outputRows.count)
    while low < high {
      let middle = (low + high) / 2
      if outputRows[middle] < row { low = middle + 1 } else { high = middle }
    }
    precondition(
      low < outputRows.count && outputRows[low] == row, "the pass did not want row \(row)")
    return low
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
  func shiftRoPE(_ cache: KeyValueCache, by delta: Int) {
    let angles = RotaryAngles(frequencies: rotary.frequencies, capacity: cache.count)
    angles.set(positions: Array(repeating: delta, count: cache.count))
    cache.forgetQuantized(from: 0)
    for layer in cache.layers {
      kernels.rotate(
        layer, rows: cache.count, heads: configuration.keyValueHeads,
        headSize: configuration.headSize, by: angles)
    }
  }

  private func embed(_ pass: ForwardPass) {
    for row in 0..<pass.tokens.count {
      let token = pass.tokens[row]
      precondition(token >= 0, "token \(token)")
      if token >= configuration.vocabularySize {
        pictures.copy(token, to: row, of: activations.hidden)
      } else if let adapter = pass.adapter, let special = adapter.tokens.row(of: token) {
        activations.hidden.copyRows(special..<special + 1, of: adapter.special, to: row)
      } else {
        activations.hidden.setRow(row, from: embedding, row: token)
      }
    }
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
