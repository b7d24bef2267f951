internal import CKernels

/// Weights of y = x Wᵀ, W `[rows = out, columns = in]`, laid out once for the kernels of a level.
///
/// A value: copies share the packed storage, which is never written again.
public struct LinearWeights: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// fp32, dequantised: products equal those of the stored weights to fp32 rounding.
    case f32
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
  }

  /// Packs `tensor`, a matrix of any element type, for `kernels`, splitting the work over its pool.
  public init(_ tensor: Tensor, format: Format = .f32, kernels: Kernels) {
    self.init(stacking: [tensor], format: format, kernels: kernels)
  }

  /// Packs the rows of all `tensors`, one below the other, as one matrix, so that one product
  /// computes what several would: q, k and v, or gate and up. Traps unless all have as many columns.
  public init(stacking tensors: [Tensor], format: Format = .f32, kernels: Kernels) {
    let columns = tensors.first?.columns ?? 0
    for tensor in tensors {
      precondition(tensor.columns == columns, "stacking \(tensor.shape) under \(columns) columns")
    }
    rows = tensors.reduce(0) { $0 + $1.rows }
    self.columns = columns
    self.format = format
    layout = kernels.level == .openblas ? .rowMajor : .panels
    let panelCount = (rows + panelRows - 1) / panelRows
    let packedRows = layout == .rowMajor ? rows : panelCount * panelRows
    storage = AlignedBuffer(byteCount: packedRows * columns * MemoryLayout<Float>.stride)
    let (layout, storage, rows) = (layout, storage, rows)
    kernels.pool.run(chunks: panelCount) { panel in
      let range = panel * panelRows..<min((panel + 1) * panelRows, rows)
      let target = unsafe storage.pointer(to: Float.self) + range.lowerBound * columns
      switch layout {
      case .rowMajor:
        unsafe decode(range, of: tensors, into: target)
      case .panels:
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: panelRows * columns) {
          guard let decoded = $0.baseAddress else { return }
          unsafe decode(range, of: tensors, into: decoded)
          unsafe ck_pack_f32(decoded, range.count, columns, target)
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

/// Writes rows `range` of the stacked `tensors` to `target` as fp32.
private func decode(
  _ range: Range<Int>, of tensors: [Tensor], into target: UnsafeMutablePointer<Float>
) {
  var first = 0
  for tensor in tensors {
    let part = range.clamped(to: first..<first + tensor.rows)
    if !part.isEmpty {
      unsafe tensor.decodeRows(
        part.lowerBound - first..<part.upperBound - first,
        into: target + (part.lowerBound - range.lowerBound) * tensor.columns)
    }
    first += tensor.rows
  }
}
