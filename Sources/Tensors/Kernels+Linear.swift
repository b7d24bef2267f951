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
      splitPanels(
        of: w, rows: rows, speed: 80, unsafe RowMajorProduct(job: job, rows: rows, outputs: w.rows))
    case .halfPanels:
      unsafe halfLinear(job, rows: rows, w)
    default:
      let function = unsafe table.pointee.linear_f32!
      splitPanels(
        of: w, rows: rows, speed: 20, unsafe PanelProduct(function: function, job: job, rows: rows))
    }
  }

  /// The product of bfloat16 weights: rounds the rows of x where the level wants that, then multiplies.
  private func halfLinear(_ job: ck_linear, rows: Int, _ w: LinearWeights) {
    let function = unsafe table.pointee.linear_bf16!
    guard let round = unsafe table.pointee.round else {
      splitPanels(
        of: w, rows: rows, speed: 20, unsafe PanelProduct(function: function, job: job, rows: rows))
      return
    }
    let columns = ck_bf16_padded(w.columns)
    scratch.withBytes(rows * columns * MemoryLayout<UInt16>.stride) { buffer in
      let rounded = unsafe buffer.pointer(to: UInt16.self)
      split(
        rows, minimum: 8192 / max(w.columns, 1),
        unsafe HalfRounding(
          function: round, source: job.x, stride: job.x_stride, columns: w.columns, target: rounded)
      )
      var job = unsafe job
      unsafe job.rounded = UnsafePointer(rounded)
      splitPanels(
        of: w, rows: rows, speed: 80, unsafe PanelProduct(function: function, job: job, rows: rows))
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
      let quantized = unsafe ck_q8_rows(
        values: UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: Int8.self),
        scales: UnsafeMutableRawPointer(bytes + valueBytes).assumingMemoryBound(to: Float.self),
        starts: UnsafeMutableRawPointer(bytes + valueBytes + rows * groups * 4)
          .assumingMemoryBound(to: Int32.self),
        sums: UnsafeMutableRawPointer(bytes + valueBytes + rows * groups * 8)
          .assumingMemoryBound(to: Float.self), groups: groups)
      split(
        rows, minimum: 8192 / max(w.columns, 1),
        unsafe Quantization(
          function: table.pointee.quantize!, source: x.pointer + inputRow * x.columns,
          stride: x.columns, columns: w.columns, range: range, target: quantized))
      let function =
        unsafe w.layout == .fourBitPanels
        ? table.pointee.linear_q4! : table.pointee.linear_q8!
      let job = unsafe ck_linear_q8(
        x: quantized, weights: w.storage.pointer(to: UInt8.self), zero: range.zero,
        target: target)
      splitPanels(
        of: w, rows: rows, speed: 80,
        unsafe QuantizedProduct(function: function, job: job, rows: rows))
    }
  }

  /// Splits the panels of `w` into chunks of 6 microseconds or more at `speed` multiply-adds a
  /// nanosecond, or 12 bytes of weights, what a thread reads from memory.
  private func splitPanels(
    of w: LinearWeights, rows: Int, speed: Int, _ work: some DivisibleWork
  ) {
    let time = max(rows * w.columns * panelRows / speed, w.panelBytes / 12, 1)
    split(w.panelCount, minimum: (6000 + time - 1) / time, work)
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

// Parts of products as the C kernels take them. Unchecked: a kernel gives each thread its own part of
// what it writes, and the call that made the pointers keeps the memory alive until all are done.

/// Panels of a product of fp32 or bfloat16 weights.
@safe private struct PanelProduct: DivisibleWork, @unchecked Sendable {
  let function: ck_linear_function
  let job: ck_linear
  let rows: Int

  func run(_ panels: Range<Int>) {
    unsafe withUnsafePointer(to: job) {
      unsafe function($0, 0, rows, panels.lowerBound, panels.upperBound)
    }
  }
}

/// Panels of a product of 8- or 4-bit weights.
@safe private struct QuantizedProduct: DivisibleWork, @unchecked Sendable {
  let function: ck_linear_q8_function
  let job: ck_linear_q8
  let rows: Int

  func run(_ panels: Range<Int>) {
    unsafe withUnsafePointer(to: job) {
      unsafe function($0, 0, rows, panels.lowerBound, panels.upperBound)
    }
  }
}

/// Rows of activations made 8 bits.
@safe private struct Quantization: DivisibleWork, @unchecked Sendable {
  let function: ck_quantize_function
  let source: UnsafePointer<Float>
  let stride: Int
  let columns: Int
  let range: ck_q8_range
  let target: ck_q8_rows

  func run(_ rows: Range<Int>) {
    unsafe withUnsafePointer(to: target) {
      unsafe function(source, stride, columns, range, $0, rows.lowerBound, rows.upperBound)
    }
  }
}

/// Rows of activations made bfloat16.
@safe private struct HalfRounding: DivisibleWork, @unchecked Sendable {
  let function: ck_round_function
  let source: UnsafePointer<Float>
  let stride: Int
  let columns: Int
  let target: UnsafeMutablePointer<UInt16>

  func run(_ rows: Range<Int>) {
    unsafe function(source, stride, columns, target, rows.lowerBound, rows.upperBound)
  }
}

/// Columns of a product by OpenBLAS, W row-major, counted in panels like the others.
@safe private struct RowMajorProduct: DivisibleWork, @unchecked Sendable {
  let job: ck_linear
  let rows: Int
  let outputs: Int

  func run(_ panels: Range<Int>) {
    let first = panels.lowerBound * panelRows
    let count = min(panels.upperBound * panelRows, outputs) - first
    unsafe cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(count),
      blasint(job.in), job.target.scale, job.x, blasint(job.x_stride),
      job.weights.assumingMemoryBound(to: Float.self) + first * job.in, blasint(job.in),
      job.target.accumulate ? 1 : 0,
      job.target.y + first, blasint(job.target.y_stride))
  }
}
