internal import CKernels

/// Weights of y = x Wᵀ, W `[rows = out, columns = in]`, laid out once for the kernels of a level.
///
/// A value: copies share the packed storage, which is never written again.
public struct LinearWeights: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// fp32, dequantised: products equal those of the stored weights to fp32 rounding.
    case f32
    /// bfloat16, which stored bfloat16 loses nothing by. Activations likewise.
    case bf16
    /// Integers of 7 bits in a byte, with a scale for each row and 64 inputs; activations of 8 bits
    /// likewise. Tensors that are stored in 4 bits stay in them, which loses next to nothing.
    case int8
    /// 4-bit integers with scale and minimum for each row and 32 inputs; activations as with 8 bits.
    /// Q4_0 and Q4_1 tensors keep their values to 2e-4 of a row's largest.
    case int4
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
    /// [ceil(rows / 16)] of bfloat16, see CKernels' linear.h.
    case bf16Panels
    /// [ceil(rows / 16)][groups of 64 inputs] of 8 or 4 bits, see CKernels' linear.h.
    case quantizedPanels
    case fourBitPanels
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
    let isStoredInFourBits =
      terms.isEmpty && tensors.allSatisfy { $0.type == .q4_0 || $0.type == .q4_1 }
    self.init(
      rows: tensors.reduce(0) { $0 + $1.rows }, columns: columns,
      format: format == .int8 && isStoredInFourBits ? .int4 : format, level: kernels.level)
    let (layout, storage, rows, panelBytes) = (layout, storage, rows, panelBytes)
    let copiesBlocks = layout == .fourBitPanels && isStoredInFourBits
    let range = unsafe kernels.table.pointee.q8_range
    kernels.pool.run(chunks: panelCount) { panel in
      let part = panel * panelRows..<min((panel + 1) * panelRows, rows)
      let target = unsafe storage.pointer(to: UInt8.self) + panel * panelBytes
      if copiesBlocks {
        unsafe copyBlocks(part, of: tensors, into: target)
        return
      }
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
        case .bf16Panels:
          unsafe UnsafeMutableRawPointer(target).withMemoryRebound(
            to: UInt16.self, capacity: panelBytes / MemoryLayout<UInt16>.stride
          ) {
            unsafe ck_pack_bf16(decoded, part.count, columns, $0)
          }
        case .quantizedPanels:
          unsafe ck_pack_q8(decoded, part.count, columns, range, target)
        case .fourBitPanels:
          unsafe ck_pack_q4(decoded, part.count, columns, target)
        }
      }
    }
  }

  /// Weights of a shape in `storage`, zeros where it is nil. Traps unless it has their size.
  init(
    rows: Int, columns: Int, format: Format, level: KernelLevel, storage: AlignedBuffer? = nil
  ) {
    self.rows = rows
    self.columns = columns
    self.format = format
    layout = Layout(format, level)
    let byteCount = layout.byteCount(rows: rows, columns: columns)
    precondition(storage?.byteCount ?? byteCount == byteCount, "storage of another size")
    self.storage = storage ?? AlignedBuffer(byteCount: byteCount)
  }

  /// Bytes of the packed weights.
  public var byteCount: Int { storage.byteCount }

  var panelCount: Int { (rows + panelRows - 1) / panelRows }

  var panelBytes: Int { layout.panelBytes(columns: columns) }
}

extension LinearWeights.Layout {
  init(_ format: LinearWeights.Format, _ level: KernelLevel) {
    self =
      switch format {
      case .f32: level == .openblas ? .rowMajor : .panels
      case .bf16: .bf16Panels
      case .int8: .quantizedPanels
      case .int4: .fourBitPanels
      }
  }

  /// Bytes of a panel of 16 rows.
  func panelBytes(columns: Int) -> Int {
    switch self {
    case .rowMajor, .panels: panelRows * columns * MemoryLayout<Float>.stride
    case .bf16Panels: ck_bf16_panel_bytes(columns)
    case .quantizedPanels: groupCount(columns) * CK_Q8_GROUP_BYTES
    case .fourBitPanels: ck_q4_panel_bytes(groupCount(columns))
    }
  }

  func byteCount(rows: Int, columns: Int) -> Int {
    (rows + panelRows - 1) / panelRows * panelBytes(columns: columns)
  }
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

/// Packs rows `range` of the stacked `tensors`, of 4-bit blocks, into the panel of zeros `target`.
private func copyBlocks(
  _ range: Range<Int>, of tensors: [Tensor], into target: UnsafeMutablePointer<UInt8>
) {
  var first = 0
  for tensor in tensors {
    let part = range.clamped(to: first..<first + tensor.rows)
    if !part.isEmpty {
      let own = tensor.rows(part.lowerBound - first..<part.upperBound - first)
      unsafe own.withUnsafeBytes { bytes in
        unsafe ck_pack_q4_blocks(
          bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), own.type == .q4_1,
          part.lowerBound - range.lowerBound, own.rows, own.columns, target)
      }
    }
    first += tensor.rows
  }
}

extension LinearWeights {
  /// Weights of random bytes and plausible scales, for measurements of time alone. O(bytes).
  public init(randomRows rows: Int, columns: Int, format: Format, kernels: Kernels) {
    self.init(rows: rows, columns: columns, format: format, level: kernels.level)
    let (panelBytes, storage, layout) = (panelBytes, storage, layout)
    kernels.pool.run(chunks: panelCount) { panel in
      let words = panelBytes / MemoryLayout<UInt32>.stride
      let target = unsafe storage.pointer(to: UInt32.self) + panel * words
      // Every 4 bytes are 0x28xx28xx: as floats, as halves of either kind and as integers of
      // moderate size.
      var state = UInt32(truncatingIfNeeded: panel &+ 1)
      for index in 0..<words {
        state = state &* 1_664_525 &+ 1_013_904_223
        unsafe target[index] =
          layout == .panels ? 0x3c00_0000 : 0x2800_2800 | state >> 8 & 0xff_00ff
      }
    }
  }
}
