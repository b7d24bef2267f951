internal import CKernels

extension Kernels {
  /// y = scale · x Wᵀ, or y += scale · x Wᵀ where `accumulate`.
  ///
  /// - Parameters:
  ///   - x: `[>= rows, w.columns]`; the rows from `inputRow` on are read.
  ///   - rows: Number of rows to compute.
  ///   - y: `[>= outputRow + rows, w.rows]`; the rows from `outputRow` on are written. Not `x`.
  public func linear(
    _ x: Matrix, from inputRow: Int = 0, rows: Int, _ w: LinearWeights, into y: Matrix,
    at outputRow: Int = 0, accumulate: Bool = false, scale: Float = 1
  ) {
    x.check(rows: inputRow..<inputRow + rows)
    check(x, rows: rows, w, y, at: outputRow)
    if rows == 0 || w.rows == 0 { return }
    let target = unsafe y.target(at: outputRow, scale: scale, accumulate: accumulate)
    let form = inputForm(w.layout)
    scratch.withBytes(form.byteCount(rows: rows, columns: w.columns)) { buffer in
      let input = unsafe InputRows(
        form: form, source: x.pointer + inputRow * x.columns, rows: rows, columns: w.columns,
        storage: buffer.pointer(to: UInt8.self), table: table)
      if form != .floats { split(rows, minimum: roundingMinimum / max(w.columns, 1), input) }
      run(unsafe LinearProduct(input, rows: rows, w, target, self))
    }
  }

  /// The same for rows that may be rounded for such weights already.
  public func linear(
    _ x: LinearInput, rows: Int, _ w: LinearWeights, into y: Matrix, at outputRow: Int = 0,
    accumulate: Bool = false, scale: Float = 1
  ) {
    guard inputForm(w.layout) == x.parts.form else {
      linear(
        x.values, rows: rows, w, into: y, at: outputRow, accumulate: accumulate, scale: scale)
      return
    }
    x.values.check(rows: 0..<rows)
    check(x.values, rows: rows, w, y, at: outputRow)
    if rows == 0 || w.rows == 0 { return }
    let target = unsafe y.target(at: outputRow, scale: scale, accumulate: accumulate)
    run(unsafe LinearProduct(x.parts, rows: rows, w, target, self))
  }

  /// Two products of the same rows: y = x Wᵀ, and z = x Vᵀ in the rows from `row` on.
  public func linear(
    _ x: LinearInput, rows: Int, _ w: LinearWeights, into y: Matrix, _ v: LinearWeights,
    into z: Matrix, at row: Int = 0
  ) {
    let form = x.parts.form
    guard inputForm(w.layout) == form, inputForm(v.layout) == form, w.rows > 0, v.rows > 0 else {
      linear(x, rows: rows, w, into: y)
      linear(x, rows: rows, v, into: z, at: row)
      return
    }
    x.values.check(rows: 0..<rows)
    check(x.values, rows: rows, w, y, at: 0)
    check(x.values, rows: rows, v, z, at: row)
    if rows == 0 { return }
    let pair = unsafe LinearProductPair(
      first: LinearProduct(
        x.parts, rows: rows, w, y.target(at: 0, scale: 1, accumulate: false), self),
      second: LinearProduct(
        x.parts, rows: rows, v, z.target(at: row, scale: 1, accumulate: false), self))
    split(
      pair.first.unitCount + pair.second.unitCount,
      minimum: units(min(pair.first.unitTime, pair.second.unitTime)), pair)
  }

  /// silu(x Gᵀ) · x Uᵀ, G above U in `w` (SwiGLU, Shazeer 2020).
  ///
  /// - Parameters:
  ///   - w: `[2 · inner, x.columns]`.
  ///   - gateUp: `[>= rows, 2 · inner]`: gets x Wᵀ.
  ///   - y: `[>= rows, inner]`.
  public func gatedLinear(
    _ x: LinearInput, rows: Int, _ w: LinearWeights, gateUp: Matrix, into y: LinearInput
  ) {
    let isWhole = y.columns.isMultiple(of: Int(CK_GROUP)) && w.layout != .rowMajor
    guard isWhole, y.columns > 0, inputForm(w.layout) == x.parts.form else {
      linear(x, rows: rows, w, into: gateUp)
      swiglu(gateUp, rows: rows, into: y)
      return
    }
    x.values.check(rows: 0..<rows)
    check(x.values, rows: rows, w, gateUp, at: 0)
    if rows == 0 { return }
    let product = unsafe LinearProduct(
      x.parts, rows: rows, w, gateUp.target(at: 0, scale: 1, accumulate: false), self)
    let gated = GatedProduct(
      product: product, activation: gatedActivation(gateUp, rows: rows, into: y.values),
      output: y.parts, rows: rows)
    split(gated.unitCount, minimum: units(gated.unitTime), gated)
    if !y.parts.roundsByColumns { split(rows, minimum: roundingMinimum / y.columns, y.parts) }
  }

  private func check(_ x: Matrix, rows: Int, _ w: LinearWeights, _ y: Matrix, at row: Int) {
    y.check(rows: row..<row + rows)
    precondition(
      x.columns == w.columns && y.columns == w.rows && x !== y,
      "linear: x [\(x.rows), \(x.columns)], W [\(w.rows), \(w.columns)], y [\(y.rows), \(y.columns)]"
    )
  }

  private func run(_ product: LinearProduct) {
    split(product.unitCount, minimum: units(product.unitTime), product)
  }

  /// Units of `time` nanoseconds that are worth a chunk.
  private func units(_ time: Int) -> Int { max(1, chunkTime / time) }
}

/// Least number of elements worth a chunk of its own where they are rounded.
let roundingMinimum = 8192

/// Nanoseconds worth a chunk of a product.
private let chunkTime = 6000

extension Matrix {
  /// The rows from `row` on as what a product is written to.
  @unsafe fileprivate func target(at row: Int, scale: Float, accumulate: Bool) -> ck_linear_target {
    unsafe ck_linear_target(
      y: pointer + row * columns, y_stride: columns, out: columns, scale: scale,
      accumulate: accumulate)
  }
}
