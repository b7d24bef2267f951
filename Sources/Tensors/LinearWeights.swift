internal import CKernels

/// Weights of y = x Wᵀ, W `[rows = out, columns = in]`, laid out once for the kernels of a level.
///
/// A value: copies share the packed storage, which is never written again.
public struct LinearWeights: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// fp32, dequantised: products equal those of the stored weights to fp32 rounding.
    case f32
    /// 8-bit integers with a scale for each row and 64 inputs; activations likewise.
    case int8
  }

  /// Outputs.
  public let rows: Int
  /// Inputs.
  public let columns: Int
  public let format: Format
  let layout: Layout
  let storage: AlignedBuffer

  enum Layout {
    /// [rows, columns] fp32, as OpenBLAS takes it.
    case rowMajor
    /// [ceil(rows / 16)][columns][16] fp32.
    case panels
    /// [ceil(rows / 16)][groups of 64 inputs], see CKernels' linear.h.
    case quantizedPanels
  }

  /// Packs `tensor`, a matrix of any element type, for `kernels`, splitting the work over its pool.
  public init(_ tensor: Tensor, format: Format = .f32, kernels: Kernels) {
    self.init(stacking: [tensor], format: format, kernels: kernels)
  }

  /// Packs the rows of all `tensors`, one below the other, as one matrix, so that one product
  /// computes what several would: q, k and v, or gate and up. Traps unless all have as many columns.
  /// Each of `terms`, one for each tensor where there are any, is added to its tensor.
  public init(
    stacking tensors: [Tensor], adding terms: [LowRankTerm] = [], format: Format = .f32,
    kernels: Kernels
  ) {
    let columns = tensors.first?.columns ?? 0
    for tensor in tensors {
      precondition(tensor.columns == columns, "stacking \(tensor.shape) under \(columns) columns")
    }
    precondition(
      terms.isEmpty
        || terms.map { [$0.rows, $0.columns] } == tensors.map { [$0.rows, $0.columns] },
      "terms do not have the shapes of \(tensors.map(\.shape))")
    rows = tensors.reduce(0) { $0 + $1.rows }
    self.columns = columns
    self.format = format
    let panelCount = (rows + panelRows - 1) / panelRows
    let panelBytes: Int
    switch format {
    case .f32:
      layout = kernels.level == .openblas ? .rowMajor : .panels
      panelBytes = panelRows * columns * MemoryLayout<Float>.stride
    case .int8:
      layout = .quantizedPanels
      panelBytes = groupCount(columns) * CK_Q8_GROUP_BYTES
    }
    storage = AlignedBuffer(byteCount: panelCount * panelBytes)
    let (layout, storage, rows) = (layout, storage, rows)
    let range = unsafe kernels.table.pointee.q8_range
    kernels.pool.run(chunks: panelCount) { panel in
      let part = panel * panelRows..<min((panel + 1) * panelRows, rows)
      let target = unsafe storage.pointer(to: UInt8.self) + panel * panelBytes
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: panelRows * columns) {
        guard let decoded = $0.baseAddress else { return }
        unsafe decode(part, of: tensors, adding: terms, kernels: kernels, into: decoded)
        switch layout {
        case .rowMajor:
          unsafe UnsafeMutableRawPointer(target).copyMemory(
            from: decoded, byteCount: part.count * columns * MemoryLayout<Float>.stride)
        case .panels:
          unsafe UnsafeMutableRawPointer(target).withMemoryRebound(
            to: Float.self, capacity: panelRows * columns
          ) {
            unsafe ck_pack_f32(decoded, part.count, columns, $0)
          }
        case .quantizedPanels:
          unsafe ck_pack_q8(decoded, part.count, columns, range, target)
        }
      }
    }
  }

  /// Bytes of the packed weights.
  public var byteCount: Int { storage.byteCount }

  var panelCount: Int { (rows + panelRows - 1) / panelRows }
}

/// Outputs in a panel of packed weights.
let panelRows = Int(CK_PANEL)

/// Groups of inputs with a scale of their own in `columns` inputs.
func groupCount(_ columns: Int) -> Int { (columns + Int(CK_GROUP) - 1) / Int(CK_GROUP) }

/// Writes rows `range` of the stacked `tensors`, their terms added, to `target` as fp32.
private func decode(
  _ range: Range<Int>, of tensors: [Tensor], adding terms: [LowRankTerm], kernels: Kernels,
  into target: UnsafeMutablePointer<Float>
) {
  var first = 0
  for (index, tensor) in tensors.enumerated() {
    let part = range.clamped(to: first..<first + tensor.rows)
    if !part.isEmpty {
      let own = part.lowerBound - first..<part.upperBound - first
      let start = unsafe target + (part.lowerBound - range.lowerBound) * tensor.columns
      unsafe tensor.decodeRows(own, into: start)
      if !terms.isEmpty { unsafe terms[index].add(own, to: start, kernels: kernels) }
    }
    first += tensor.rows
  }
}
