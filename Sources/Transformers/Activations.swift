internal import Tensors

/// Buffers of a forward pass, named after what they hold, allocated once and only replaced by
/// larger ones.
struct Activations {
  let rows: Int
  /// The residual stream, `[rows, width]`.
  let hidden: Matrix
  /// `[rows, width]`: input of the next product.
  let normed: Matrix
  /// `[rows, queryWidth]`.
  let query: Matrix
  /// `[rows, 2 · keyWidth]`: keys and values of rows that go into no cache.
  let keyValue: Matrix
  /// `[rows, queryWidth]`.
  let attended: Matrix
  /// Gate and up, `[rows, 2 · feedForwardWidth]`.
  let gateUp: Matrix
  /// `[rows, feedForwardWidth]`: input of the down projection.
  let inner: Matrix
  let angles: RotaryAngles
  /// Nil without experts.
  let experts: ExpertActivations?

  init(_ model: ModelConfiguration, _ rotary: RotaryEmbedding, rows: Int) {
    self.rows = rows
    hidden = Matrix(rows: rows, columns: model.width)
    normed = Matrix(rows: rows, columns: model.width)
    query = Matrix(rows: rows, columns: model.queryWidth)
    keyValue = Matrix(rows: rows, columns: 2 * model.keyWidth)
    attended = Matrix(rows: rows, columns: model.queryWidth)
    gateUp = Matrix(rows: rows, columns: 2 * model.feedForwardWidth)
    inner = Matrix(rows: rows, columns: model.feedForwardWidth)
    angles = RotaryAngles(
      frequencies: rotary.frequencies, capacity: rows, magnitude: Double(rotary.magnitude))
    experts = model.experts.map { ExpertActivations(model, $0, rows: rows) }
  }
}

/// Buffers of a mixture of experts.
struct ExpertActivations {
  /// `[rows, count]`.
  let routing: Matrix
  /// `[rows, width]`: the rows that use one expert.
  let gathered: Matrix
  /// `[rows, 2 · expert width]` and `[rows, expert width]`.
  let gateUp: Matrix
  let inner: Matrix
  /// `[rows, 2 · shared · expert width]` and `[rows, shared · expert width]`.
  let sharedGateUp: Matrix
  let sharedInner: Matrix

  init(_ model: ModelConfiguration, _ experts: ExpertConfiguration, rows: Int) {
    routing = Matrix(rows: rows, columns: experts.count)
    gathered = Matrix(rows: rows, columns: model.width)
    gateUp = Matrix(rows: rows, columns: 2 * experts.width)
    inner = Matrix(rows: rows, columns: experts.width)
    sharedGateUp = Matrix(rows: rows, columns: 2 * experts.shared * experts.width)
    sharedInner = Matrix(rows: rows, columns: experts.shared * experts.width)
  }
}
