internal import Tensors

/// Buffers of a forward pass, named after what they hold, allocated once and only replaced by
/// larger ones.
struct Activations {
  let rows: Int
  /// The residual stream, `[rows, width]`.
  let hidden: Matrix
  /// `[rows, width]`.
  let normed: QuantizedActivations
  /// `[rows, queryWidth]`.
  let query: Matrix
  /// `[rows, 2 · keyWidth]`: keys and values of rows that go into no cache.
  let keyValue: Matrix
  /// `[rows, queryWidth]`.
  let attended: QuantizedActivations
  /// Gate and up, `[rows, 2 · feedForwardWidth]`.
  let gateUp: Matrix
  /// `[rows, feedForwardWidth]`: input of the down projection.
  let inner: QuantizedActivations
  let angles: RotaryAngles
  /// Nil without experts.
  let experts: ExpertActivations?

  /// For `rows` rows and weights of `format`.
  init(
    _ model: ModelConfiguration, _ rotary: RotaryEmbedding, rows: Int,
    format: LinearWeights.Format, kernels: Kernels
  ) {
    func input(_ columns: Int) -> QuantizedActivations {
      QuantizedActivations(rows: rows, columns: columns, format: format, kernels: kernels)
    }
    self.rows = rows
    hidden = Matrix(rows: rows, columns: model.width)
    normed = input(model.width)
    query = Matrix(rows: rows, columns: model.queryWidth)
    keyValue = Matrix(rows: rows, columns: 2 * model.keyWidth)
    attended = input(model.queryWidth)
    gateUp = Matrix(rows: rows, columns: 2 * model.feedForwardWidth)
    inner = input(model.feedForwardWidth)
    angles = RotaryAngles(
      frequencies: rotary.frequencies, capacity: rows, magnitude: Double(rotary.magnitude))
    experts = model.experts.map { ExpertActivations(model, $0, rows: rows, input: input) }
  }
}

/// Buffers of a mixture of experts.
struct ExpertActivations {
  /// `[rows, count]`.
  let routing: Matrix
  let choices = ExpertChoices()
  /// `[rows, width]`: the rows that use one expert.
  let gathered: QuantizedActivations
  /// `[rows, 2 · expert width]` and `[rows, expert width]`.
  let gateUp: Matrix
  let inner: QuantizedActivations
  /// `[rows, width]`: what one expert gives for its rows.
  let results: Matrix
  /// `[rows, 2 · shared · expert width]` and `[rows, shared · expert width]`.
  let sharedGateUp: Matrix
  let sharedInner: QuantizedActivations

  /// `input` makes an input of this many columns.
  init(
    _ model: ModelConfiguration, _ experts: ExpertConfiguration, rows: Int,
    input: (Int) -> QuantizedActivations
  ) {
    routing = Matrix(rows: rows, columns: experts.count)
    gathered = input(model.width)
    gateUp = Matrix(rows: rows, columns: 2 * experts.width)
    inner = input(experts.width)
    results = Matrix(rows: rows, columns: model.width)
    sharedGateUp = Matrix(rows: rows, columns: 2 * experts.shared * experts.width)
    sharedInner = input(experts.shared * experts.width)
  }
}
