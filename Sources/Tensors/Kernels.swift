internal import CKernels
internal import COpenBLAS

/// The numeric kernels of one level and the pool they run on.
///
/// Every method reads and writes the first `rows` rows of the matrices it is given unless it says
/// otherwise, and splits its work over the pool. Memory that a kernel needs is kept from call to
/// call, so that none allocates anything once calls of a size have been made, results aside.
/// Results are the same to the bit at all levels but `openblas`, whatever the number of threads, and
/// those of a row whatever rows are computed with it. Shapes that do not fit trap.
///
/// Unchecked: `table` points at a constant of the C library.
@safe public struct Kernels: @unchecked Sendable {
  public let level: KernelLevel
  public let pool: WorkerPool
  /// Every function of a table is set, so that unwrapping one cannot fail.
  let table: UnsafePointer<ck_kernels>
  /// OpenBLAS, loaded by its first use, or why it cannot be.
  static let openBLAS = OpenBLAS()
  let scratch = Scratch()

  /// Kernels of `level` (nil: the one named by `PALIMPSEST_KERNELS`, else the best one) on a pool of
  /// `threads` threads (nil: one for each processor this process may use).
  public init(level: KernelLevel? = nil, threads: Int? = nil) throws(KernelError) {
    let chosen: KernelLevel
    if let level { chosen = level } else { chosen = try .preferred() }
    guard let table = unsafe ck_select(chosen.code) else {
      throw KernelError.unavailableLevel(chosen)
    }
    self.level = chosen
    unsafe self.table = table
    pool = WorkerPool(threads: threads)
    // The pool splits products; OpenBLAS's own threads would compete with it.
    if chosen == .openblas {
      guard let blas = unsafe Self.openBLAS.functions else {
        throw KernelError.unavailableLevel(chosen)
      }
      unsafe blas.pointee.openblas_set_num_threads(1)
    }
  }

  /// Does `work` in consecutive parts of 0..<count on the pool's threads: enough parts to keep the
  /// threads evenly busy, none smaller than `minimum`.
  func split(_ count: Int, minimum: Int, _ work: some DivisibleWork) {
    let parts = pool.threads == 1 ? 1 : max(1, min(count / max(minimum, 1), pool.threads * 6))
    pool.run(DividedWork(work: work, count: count, parts: parts), chunks: parts)
  }
}

/// Unchecked: `functions` points at a table that never changes.
@safe struct OpenBLAS: @unchecked Sendable {
  /// nil where the library is missing.
  let functions: UnsafePointer<libopenblas_functions>?
  let missing: String?

  init() {
    var reason: UnsafePointer<CChar>?
    unsafe functions = libopenblas(&reason)
    unsafe missing = reason.map { unsafe String(cString: $0) }
  }
}
