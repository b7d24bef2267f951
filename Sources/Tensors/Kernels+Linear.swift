internal import CKernels
internal import COpenBLAS

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
    y.check(rows: outputRow..<outputRow + rows)
    precondition(
      x.columns == w.columns && y.columns == w.rows && x !== y,
      "linear: x [\(x.rows), \(x.columns)], W [\(w.rows), \(w.columns)], y [\(y.rows), \(y.columns)]"
    )
    if rows == 0 || w.rows == 0 { return }
    let job = unsafe LinearJob(
      ck_linear(
        x: x.pointer + inputRow * x.columns, x_stride: x.columns,
        weights: w.storage.pointer(to: Float.self), in: w.columns, out: w.rows,
        y: y.pointer + outputRow * y.columns, y_stride: y.columns, scale: scale,
        accumulate: accumulate))
    // A chunk of 20 microseconds or more at 20 multiply-adds a nanosecond.
    let work = max(rows * w.columns * panelRows, 1)
    let minimum = (400_000 + work - 1) / work
    switch w.layout {
    case .panels:
      let table = unsafe Shared(UnsafeMutablePointer(mutating: table))
      split(w.panelCount, minimum: minimum) { panels in
        unsafe withUnsafePointer(to: job.value) {
          unsafe table.pointer.pointee.linear_f32(
            $0, 0, rows, panels.lowerBound, panels.upperBound)
        }
      }
    case .rowMajor:
      split(w.panelCount, minimum: minimum * 4) { panels in
        let first = panels.lowerBound * panelRows
        job.multiply(rows: rows, outputs: first..<min(panels.upperBound * panelRows, w.rows))
      }
    }
  }
}

/// A product as the C kernels take it. Unchecked for the reason of `Shared`.
@safe private struct LinearJob: @unchecked Sendable {
  let value: ck_linear

  init(_ value: ck_linear) {
    unsafe self.value = value
  }

  /// The product's columns `outputs` by OpenBLAS, W row-major.
  func multiply(rows: Int, outputs: Range<Int>) {
    let job = unsafe value
    unsafe cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(outputs.count),
      blasint(job.in), job.scale, job.x, blasint(job.x_stride),
      job.weights + outputs.lowerBound * job.in, blasint(job.in), job.accumulate ? 1 : 0,
      job.y + outputs.lowerBound, blasint(job.y_stride))
  }
}
