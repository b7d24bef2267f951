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
  /// `[rows, feedForwardWidth]`.
  let gate: Matrix
  let up: Matrix
  let angles: RotaryAngles

  init(_ model: ModelConfiguration, _ rotary: RotaryEmbedding, rows: Int) {
    self.rows = rows
    hidden = Matrix(rows: rows, columns: model.width)
    normed = Matrix(rows: rows, columns: model.width)
    query = Matrix(rows: rows, columns: model.queryWidth)
    keyValue = Matrix(rows: rows, columns: 2 * model.keyWidth)
    attended = Matrix(rows: rows, columns: model.queryWidth)
    gate = Matrix(rows: rows, columns: model.feedForwardWidth)
    up = Matrix(rows: rows, columns: model.feedForwardWidth)
    angles = RotaryAngles(
      frequencies: rotary.frequencies, capacity: rows, magnitude: Double(rotary.magnitude))
  }
}
