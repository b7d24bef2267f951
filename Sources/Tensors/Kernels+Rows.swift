internal import CKernels

/// Least number of elements worth a chunk of its own in an elementwise kernel.
private let elementwiseMinimum = 16384

/// The same where each takes an exponential.
private let activationMinimum = 4096

extension Kernels {
  /// y = x / sqrt(mean(x²) + epsilon) · weight (RMSNorm, Zhang & Sennrich 2019).
  ///
  /// - Parameters:
  ///   - weight: `[1, columns / heads]`.
  ///   - heads: Parts of a row that are normalised each on its own, as for normalised q and k; 1 for
  ///     whole rows.
  ///   - y: May be `x`.
  public func rmsNorm(
    _ x: Matrix, from row: Int = 0, rows: Int, weight: Matrix, epsilon: Float, heads: Int = 1,
    into y: Matrix
  ) {
    rmsNorm(
      x, from: row, rows: rows, column: 0, heads: heads, weight: weight, epsilon: epsilon, into: y)
  }

  /// The same for whole rows, rounded at once for the products that take them.
  public func rmsNorm(
    _ x: Matrix, rows: Int, weight: Matrix, epsilon: Float, into y: LinearInput
  ) {
    let norm = normalization(
      x, from: 0, rows: rows, column: 0, heads: 1, weight: weight, epsilon: epsilon, into: y.values)
    split(
      rows, minimum: roundingMinimum / max(y.columns, 1), RowByRow(first: norm, second: y.parts))
  }

  /// The per-head form over `heads` heads of `weight.columns` columns from `column` on, for stacked
  /// q, k, v rows.
  public func rmsNorm(
    _ x: Matrix, from row: Int = 0, rows: Int, column: Int, heads: Int, weight: Matrix,
    epsilon: Float, into y: Matrix
  ) {
    let norm = normalization(
      x, from: row, rows: rows, column: column, heads: heads, weight: weight, epsilon: epsilon,
      into: y)
    split(rows, minimum: elementwiseMinimum / max(heads * weight.columns, 1), norm)
  }

  private func normalization(
    _ x: Matrix, from row: Int, rows: Int, column: Int, heads: Int, weight: Matrix, epsilon: Float,
    into y: Matrix
  ) -> Normalization {
    x.check(rows: row..<row + rows)
    y.check(rows: row..<row + rows)
    let size = weight.columns
    precondition(
      x.columns == y.columns && column >= 0 && column + heads * size <= x.columns,
      "rmsNorm: \(heads) heads of \(size) at \(column) of \(x.columns) and \(y.columns) columns")
    return unsafe Normalization(
      function: table.pointee.rms_norm!, source: x.pointer + column, stride: x.columns,
      weight: weight.pointer, heads: heads, size: size, epsilon: epsilon,
      target: y.pointer + column, targetStride: y.columns, first: row)
  }

  /// Rotary embedding in place (Su et al. 2021), half-split: columns i and i + rotary/2 of a head
  /// turn by the angle of their row.
  ///
  /// - Parameters:
  ///   - x: `[>= row + rows, ...]` with `heads` heads of `headSize` columns from `column` on.
  ///   - angles: Set for the positions of rows `row`, `row + 1`, ... in this order.
  public func rotate(
    _ x: Matrix, from row: Int = 0, rows: Int, column: Int = 0, heads: Int, headSize: Int,
    by angles: RotaryAngles
  ) {
    x.check(rows: row..<row + rows)
    precondition(
      rows <= angles.rows && angles.rotary <= headSize && column >= 0
        && column + heads * headSize <= x.columns,
      """
      rotate: \(rows) rows of \(heads) heads of \(headSize) at \(column) of \(x.columns) columns by \
      \(angles.rotary) angles of \(angles.rows) rows
      """)
    split(
      rows, minimum: elementwiseMinimum / max(heads * headSize, 1),
      unsafe Rotation(
        function: table.pointee.rotate!, target: x.pointer + row * x.columns + column,
        stride: x.columns, heads: heads, headSize: headSize, rotary: angles.rotary,
        cosines: angles.cosines.pointer, sines: angles.sines.pointer))
  }

  /// y = silu(gate) · up (SwiGLU, Shazeer 2020). `y` may be `gate`.
  public func swiglu(gate: Matrix, up: Matrix, rows: Int, into y: Matrix) {
    precondition(
      gate.columns == up.columns && up.columns == y.columns,
      "swiglu: \(gate.columns), \(up.columns) and \(y.columns) columns")
    gate.check(rows: 0..<rows)
    up.check(rows: 0..<rows)
    y.check(rows: 0..<rows)
    split(
      rows, minimum: activationMinimum / max(y.columns, 1),
      unsafe GatedActivation(
        function: table.pointee.swiglu!, gate: gate.pointer, stride: gate.columns, up: up.pointer,
        upStride: up.columns, columns: y.columns, target: y.pointer))
  }

  /// y = silu(left half of a row) · right half: gate and up from one stacked product,
  /// x `[>= rows, 2 · y.columns]`.
  public func swiglu(_ x: Matrix, rows: Int, into y: Matrix) {
    split(
      rows, minimum: activationMinimum / max(y.columns, 1), gatedActivation(x, rows: rows, into: y))
  }

  /// The same, rounded at once for the products that take it.
  public func swiglu(_ x: Matrix, rows: Int, into y: LinearInput) {
    let activation = gatedActivation(x, rows: rows, into: y.values)
    split(
      rows, minimum: activationMinimum / max(y.columns, 1),
      RowByRow(first: activation, second: y.parts))
  }

  func gatedActivation(_ x: Matrix, rows: Int, into y: Matrix) -> GatedActivation {
    precondition(x.columns == 2 * y.columns, "swiglu: \(x.columns) into \(y.columns) columns")
    x.check(rows: 0..<rows)
    y.check(rows: 0..<rows)
    return unsafe GatedActivation(
      function: table.pointee.swiglu!, gate: x.pointer, stride: x.columns,
      up: x.pointer + y.columns, upStride: x.columns, columns: y.columns, target: y.pointer)
  }

  /// y += x.
  public func add(_ x: Matrix, rows: Int, into y: Matrix) {
    x.check(rows: 0..<rows)
    add(x, stride: x.columns, rows: rows, into: y)
  }

  /// Row `rows[i]` of y += weights[i] · row i of x, i counted from the beginning of `part`, in which
  /// no row occurs twice.
  public func add(
    _ x: Matrix, weights: [Float], to rows: [Int], _ part: Range<Int>, of y: Matrix
  ) {
    x.check(rows: 0..<part.count)
    precondition(
      x.columns == y.columns && part.upperBound <= min(rows.count, weights.count),
      "add: \(x.columns) columns to \(y.columns), \(rows.count) rows, \(weights.count) weights")
    for index in part { y.check(rows: rows[index]..<rows[index] + 1) }
    split(
      part.count, minimum: elementwiseMinimum / max(y.columns, 1),
      unsafe WeightedAddition(
        function: table.pointee.add!, source: x.pointer, columns: y.columns, target: y.pointer,
        weights: weights, rows: rows, first: part.lowerBound))
  }

  /// y += bias in each of the rows from `row` on, bias `[1, columns]`.
  public func addBias(_ bias: Matrix, to y: Matrix, from row: Int = 0, rows: Int) {
    bias.check(rows: 0..<1)
    add(bias, stride: 0, from: row, rows: rows, into: y)
  }

  /// Row i of `x` goes to row `row` + i of `y`.
  private func add(_ x: Matrix, stride: Int, from row: Int = 0, rows: Int, into y: Matrix) {
    y.check(rows: row..<row + rows)
    precondition(x.columns == y.columns, "add: \(x.columns) columns to \(y.columns)")
    split(
      rows, minimum: elementwiseMinimum / max(y.columns, 1),
      unsafe Addition(
        function: table.pointee.add!, source: x.pointer, stride: stride, columns: y.columns,
        target: y.pointer + row * y.columns))
  }
}

// MARK: Rows as the C kernels take them

/// Unchecked: a part writes its own rows; the matrices outlive the run.
@safe private struct Normalization: DivisibleWork, @unchecked Sendable {
  let function: ck_rms_norm_function
  let source: UnsafePointer<Float>
  let stride: Int
  let weight: UnsafePointer<Float>
  let heads: Int
  let size: Int
  let epsilon: Float
  let target: UnsafeMutablePointer<Float>
  let targetStride: Int
  let first: Int

  func run(_ rows: Range<Int>) {
    unsafe function(
      source, stride, weight, heads, size, epsilon, target, targetStride,
      first + rows.lowerBound, first + rows.upperBound)
  }
}

/// Unchecked: a part writes its own rows; the matrices outlive the run.
@safe private struct Rotation: DivisibleWork, @unchecked Sendable {
  let function: ck_rotate_function
  let target: UnsafeMutablePointer<Float>
  let stride: Int
  let heads: Int
  let headSize: Int
  let rotary: Int
  let cosines: UnsafePointer<Float>
  let sines: UnsafePointer<Float>

  func run(_ rows: Range<Int>) {
    unsafe function(
      target, stride, heads, headSize, rotary, cosines, sines, rows.lowerBound, rows.upperBound)
  }
}

/// One kind of work on rows after the other, each row while it is at hand.
private struct RowByRow<First: DivisibleWork, Second: DivisibleWork>: DivisibleWork {
  let first: First
  let second: Second

  func run(_ rows: Range<Int>) {
    for row in rows {
      first.run(row..<row + 1)
      second.run(row..<row + 1)
    }
  }
}

/// Unchecked: a part writes its own rows; the matrices outlive the run.
@safe struct GatedActivation: DivisibleWork, @unchecked Sendable {
  let function: ck_swiglu_function
  let gate: UnsafePointer<Float>
  let stride: Int
  let up: UnsafePointer<Float>
  let upStride: Int
  let columns: Int
  let target: UnsafeMutablePointer<Float>

  func run(_ rows: Range<Int>) { run(rows, columns: 0..<columns) }

  func run(_ rows: Range<Int>, columns part: Range<Int>) {
    let first = part.lowerBound
    unsafe function(
      gate + first, stride, up + first, upStride, part.count, target + first, columns,
      rows.lowerBound, rows.upperBound)
  }
}

/// Unchecked: a part writes its own rows; the matrices outlive the run.
@safe private struct Addition: DivisibleWork, @unchecked Sendable {
  let function: ck_add_function
  let source: UnsafePointer<Float>
  let stride: Int
  let columns: Int
  let target: UnsafeMutablePointer<Float>

  func run(_ rows: Range<Int>) {
    unsafe function(source, stride, 1, columns, target, columns, rows.lowerBound, rows.upperBound)
  }
}

/// Unchecked: a part writes its own rows; the matrices outlive the run.
@safe private struct WeightedAddition: DivisibleWork, @unchecked Sendable {
  let function: ck_add_function
  let source: UnsafePointer<Float>
  let columns: Int
  let target: UnsafeMutablePointer<Float>
  let weights: [Float]
  let rows: [Int]
  let first: Int

  func run(_ part: Range<Int>) {
    for index in part {
      unsafe function(
        source + index * columns, columns, weights[first + index], columns,
        target + rows[first + index] * columns, columns, 0, 1)
    }
  }
}
