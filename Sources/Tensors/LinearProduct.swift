internal import CKernels
internal import COpenBLAS

/// A product with weights of any layout, in units of one or two panels, as the C kernels take it.
///
/// Unchecked: threads read the same rows and weights and write different columns of the result; the
/// call that made the pointers keeps the memory alive until all are done.
@safe struct LinearProduct: DivisibleWork, @unchecked Sendable {
  @safe private enum Kernel {
    case panels(ck_linear_function, ck_linear)
    case bytePanels(ck_linear_q8_function, ck_linear_q8)
    case rowMajor(ck_linear, UnsafePointer<libopenblas_functions>)
  }

  private let kernel: Kernel
  private let rows: Int
  private let outputs: Int
  let panelCount: Int
  /// Panels that the kernel multiplies at once.
  private let panelsAtOnce: Int
  /// About how long a panel takes a thread, in nanoseconds.
  let panelTime: Int

  var unitCount: Int { (panelCount + panelsAtOnce - 1) / panelsAtOnce }
  var unitTime: Int { panelTime * panelsAtOnce }

  init(
    _ input: InputRows, rows: Int, _ w: LinearWeights, _ target: ck_linear_target,
    _ kernels: Kernels
  ) {
    let weights = unsafe w.storage.pointer(to: UInt8.self)
    let job = unsafe ck_linear(
      x: input.source, x_stride: input.columns,
      rounded: input.halves, weights: weights,
      in: w.columns, target: target)
    let table = unsafe kernels.table
    /// Multiply-adds a nanosecond.
    var speed = 20
    switch w.layout {
    case .rowMajor:
      // Kernels of another level may multiply with such weights, too.
      guard let blas = unsafe Kernels.openBLAS.functions else { fatalError("no OpenBLAS") }
      unsafe kernel = .rowMajor(job, blas)
      speed = 80
    case .panels: unsafe kernel = .panels(table.pointee.linear_f32!, job)
    case .bf16Panels:
      unsafe kernel = .panels(table.pointee.linear_bf16!, job)
      if kernels.level == .amx { speed = 400 }
    case .quantizedPanels, .fourBitPanels:
      let function =
        unsafe w.layout == .fourBitPanels
        ? table.pointee.linear_q4! : table.pointee.linear_q8!
      unsafe kernel = .bytePanels(
        function,
        ck_linear_q8(
          x: input.bytes, weights: weights, zero: table.pointee.q8_range.zero, target: target))
      speed = kernels.level.byteProducts
    }
    self.rows = rows
    outputs = w.rows
    panelCount = w.panelCount
    // Or what a thread reads from memory.
    panelTime = max(rows * w.columns * panelRows / speed, w.panelBytes / 12, 1)
    panelsAtOnce = unsafe table.pointee.panels
  }

  func run(_ units: Range<Int>) {
    let end = min(units.upperBound * panelsAtOnce, panelCount)
    run(panels: units.lowerBound * panelsAtOnce..<end)
  }

  func run(panels: Range<Int>) {
    switch kernel {
    case .panels(let function, let job):
      unsafe withUnsafePointer(to: job) {
        unsafe function($0, 0, rows, panels.lowerBound, panels.upperBound)
      }
    case .bytePanels(let function, let job):
      unsafe withUnsafePointer(to: job) {
        unsafe function($0, 0, rows, panels.lowerBound, panels.upperBound)
      }
    case .rowMajor(let job, let blas):
      let first = panels.lowerBound * panelRows
      let count = min(panels.upperBound * panelRows, outputs) - first
      unsafe blas.pointee.cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(count),
        blasint(job.in), job.target.scale, job.x, blasint(job.x_stride),
        job.weights.assumingMemoryBound(to: Float.self) + first * job.in, blasint(job.in),
        job.target.accumulate ? 1 : 0, job.target.y + first, blasint(job.target.y_stride))
    }
  }
}

extension KernelLevel {
  /// About how many products of bytes a thread does in a nanosecond.
  fileprivate var byteProducts: Int {
    switch self {
    case .portable, .openblas: 10
    case .neon: 30
    case .neondot, .avx2: 80
    case .avx512vnni: 300
    case .amx: 800
    }
  }
}

/// Units of two products, those of the second counted after those of the first.
struct LinearProductPair: DivisibleWork {
  let first: LinearProduct
  let second: LinearProduct

  func run(_ units: Range<Int>) {
    let border = first.unitCount
    if units.lowerBound < border { first.run(units.clamped(to: 0..<border)) }
    if units.upperBound > border {
      second.run(max(units.lowerBound, border) - border..<units.upperBound - border)
    }
  }
}

/// silu(gate) · up, gate and up being the halves of one product, in units of as many columns as
/// make a group of what takes the result.
struct GatedProduct: DivisibleWork {
  /// Panels of gate in a unit, and of up.
  private static let panels = Int(CK_GROUP) / panelRows

  let product: LinearProduct
  let activation: GatedActivation
  let output: InputRows
  let rows: Int

  var unitCount: Int { product.panelCount / 2 / Self.panels }
  var unitTime: Int { 2 * Self.panels * product.panelTime }

  func run(_ units: Range<Int>) {
    let panels = units.lowerBound * Self.panels..<units.upperBound * Self.panels
    let half = product.panelCount / 2
    product.run(panels: panels)
    product.run(panels: half + panels.lowerBound..<half + panels.upperBound)
    let columns = panels.lowerBound * panelRows..<panels.upperBound * panelRows
    activation.run(0..<rows, columns: columns)
    if output.roundsByColumns { output.round(0..<rows, columns: columns) }
  }
}
