internal import CKernels

/// scale · B A, to be added to the rows of a matrix before they are packed: A `[rank, columns]`,
/// B `[rows, rank]`.
public struct LowRankTerm: Sendable {
  public let rows: Int
  public let columns: Int
  private let rank: Int
  private let scale: Float
  /// Aᵀ as panels [ceil(columns / 16)][rank][16] of fp32.
  private let a: AlignedBuffer
  private let b: [Float]

  /// Traps unless B has as many columns as A has rows.
  public init(a: Tensor, b: Tensor, scale: Float) {
    precondition(a.rows == b.columns, "low rank: A \(a.shape), B \(b.shape)")
    let (rank, columns) = (a.rows, a.columns)
    rows = b.rows
    self.columns = columns
    self.rank = rank
    self.scale = scale
    self.b = b.floats()
    let panels = (columns + panelRows - 1) / panelRows
    let packed = AlignedBuffer(byteCount: panels * rank * panelRows * MemoryLayout<Float>.stride)
    let values = a.floats()
    unsafe values.withUnsafeBufferPointer { values in
      guard let source = values.baseAddress else { return }
      let target = unsafe packed.pointer(to: Float.self)
      for panel in 0..<panels {
        let count = min(panelRows, columns - panel * panelRows)
        for k in 0..<rank {
          unsafe (target + (panel * rank + k) * panelRows)
            .update(from: source + k * columns + panel * panelRows, count: count)
        }
      }
    }
    self.a = packed
  }

  /// Adds rows `range` of the term to `target`, `columns` elements apart.
  func add(
    _ range: Range<Int>, to target: UnsafeMutablePointer<Float>, kernels: Kernels
  ) {
    unsafe b.withUnsafeBufferPointer { b in
      guard let start = b.baseAddress, !range.isEmpty else { return }
      var job = unsafe ck_linear(
        x: start + range.lowerBound * rank, x_stride: rank, rounded: nil,
        weights: a.pointer(to: Float.self), in: rank,
        target: ck_linear_target(
          y: target, y_stride: columns, out: columns, scale: scale, accumulate: true))
      unsafe kernels.table.pointee.linear_f32!(
        &job, 0, range.count, 0, (columns + panelRows - 1) / panelRows)
    }
  }
}
