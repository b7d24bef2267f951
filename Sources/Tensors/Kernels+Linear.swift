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
    let target = unsafe y.target(at: outputRow, scale: scale, accumulate: accumulate)
    if w.layout == .quantizedPanels || w.layout == .fourBitPanels {
      unsafe quantizedLinear(x, from: inputRow, rows: rows, w, target)
      return
    }
    let job = unsafe ck_linear(
      x: x.pointer + inputRow * x.columns, x_stride: x.columns, rounded: nil,
      weights: w.storage.pointer(to: UInt8.self), in: w.columns, target: target)
    switch w.layout {
    case .rowMajor:
      let job = unsafe Job(job)
      splitPanels(of: w, rows: rows, speed: 80) { panels in
        let first = panels.lowerBound * panelRows
        unsafe multiplyByBLAS(
          job.value, rows: rows, outputs: first..<min(panels.upperBound * panelRows, w.rows))
      }
    case .halfPanels:
      unsafe halfLinear(job, rows: rows, w)
    default:
      unsafe multiply(job, rows: rows, w, speed: 20, by: table.pointee.linear_f32!)
    }
  }

  /// The product of bfloat16 weights: rounds the rows of x where the level wants that, then multiplies.
  private func halfLinear(_ job: ck_linear, rows: Int, _ w: LinearWeights) {
    let function = unsafe table.pointee.linear_bf16!
    guard let round = unsafe table.pointee.round else {
      unsafe multiply(job, rows: rows, w, speed: 20, by: function)
      return
    }
    let columns = ck_bf16_padded(w.columns)
    scratch.withBytes(rows * columns * MemoryLayout<UInt16>.stride) { buffer in
      let rounded = unsafe Shared(buffer.pointer(to: UInt16.self))
      let source = unsafe Job(job)
      split(rows, minimum: 8192 / max(w.columns, 1)) { part in
        unsafe round(
          source.value.x, source.value.x_stride, w.columns, rounded.pointer, part.lowerBound,
          part.upperBound)
      }
      var job = unsafe job
      unsafe job.rounded = UnsafePointer(rounded.pointer)
      unsafe multiply(job, rows: rows, w, speed: 80, by: function)
    }
  }

  private func multiply(
    _ job: ck_linear, rows: Int, _ w: LinearWeights, speed: Int, by function: ck_linear_function
  ) {
    let job = unsafe Job(job)
    splitPanels(of: w, rows: rows, speed: speed) { panels in
      unsafe withUnsafePointer(to: job.value) {
        unsafe function($0, 0, rows, panels.lowerBound, panels.upperBound)
      }
    }
  }

  /// The product of 8- or 4-bit weights: quantises the rows of x, then multiplies.
  private func quantizedLinear(
    _ x: Matrix, from inputRow: Int, rows: Int, _ w: LinearWeights, _ target: ck_linear_target
  ) {
    let groups = groupCount(w.columns)
    let group = Int(CK_GROUP)
    let range = unsafe table.pointee.q8_range
    let valueBytes = rows * groups * group
    scratch.withBytes(valueBytes + rows * groups * 16) { buffer in
      let bytes = unsafe buffer.pointer(to: UInt8.self)
      let quantized = unsafe Job(
        ck_q8_rows(
          values: UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: Int8.self),
          scales: UnsafeMutableRawPointer(bytes + valueBytes).assumingMemoryBound(to: Float.self),
          starts: UnsafeMutableRawPointer(bytes + valueBytes + rows * groups * 4)
            .assumingMemoryBound(to: Int32.self),
          sums: UnsafeMutableRawPointer(bytes + valueBytes + rows * groups * 8)
            .assumingMemoryBound(to: Float.self), groups: groups))
      let source = unsafe Shared(x.pointer + inputRow * x.columns)
      let quantize = unsafe table.pointee.quantize!
      let stride = x.columns
      split(rows, minimum: 8192 / max(w.columns, 1)) { part in
        unsafe withUnsafePointer(to: quantized.value) {
          unsafe quantize(
            source.pointer, stride, w.columns, range, $0, part.lowerBound, part.upperBound)
        }
      }
      let job = unsafe Job(
        ck_linear_q8(
          x: quantized.value, weights: w.storage.pointer(to: UInt8.self), zero: range.zero,
          target: target))
      let function =
        unsafe w.layout == .fourBitPanels
        ? table.pointee.linear_q4! : table.pointee.linear_q8!
      splitPanels(of: w, rows: rows, speed: 80) { panels in
        unsafe withUnsafePointer(to: job.value) {
          unsafe function($0, 0, rows, panels.lowerBound, panels.upperBound)
        }
      }
    }
  }

  /// Splits the panels of `w` into chunks of 6 microseconds or more at `speed` multiply-adds a
  /// nanosecond, or 12 bytes of weights, what a thread reads from memory.
  private func splitPanels(
    of w: LinearWeights, rows: Int, speed: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let time = max(rows * w.columns * panelRows / speed, w.panelBytes / 12, 1)
    split(w.panelCount, minimum: (6000 + time - 1) / time, body)
  }
}

extension Matrix {
  /// The rows from `row` on as what a product is written to.
  @unsafe fileprivate func target(at row: Int, scale: Float, accumulate: Bool) -> ck_linear_target {
    unsafe ck_linear_target(
      y: pointer + row * columns, y_stride: columns, out: columns, scale: scale,
      accumulate: accumulate)
  }
}

/// A job as the C kernels take it. Unchecked for the reason of `Shared`.
@safe struct Job<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}

/// Columns `outputs` of a product by OpenBLAS, W row-major.
private func multiplyByBLAS(_ job: ck_linear, rows: Int, outputs: Range<Int>) {
  unsafe cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(outputs.count),
    blasint(job.in), job.target.scale, job.x, blasint(job.x_stride),
    job.weights.assumingMemoryBound(to: Float.self) + outputs.lowerBound * job.in, blasint(job.in),
    job.target.accumulate ? 1 : 0,
    job.target.y + outputs.lowerBound, blasint(job.target.y_stride))
}
