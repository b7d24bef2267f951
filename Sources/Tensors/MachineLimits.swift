internal import CKernels

/// What the machine can do at most with all threads of a pool, measured: what kernels are held
/// against.
public struct MachineLimits: Sendable {
  /// Bytes a second read from memory.
  public let readBandwidth: Double
  /// Multiply-adds a second of 8-bit integers with sums of 32 bits, and of fp32, on registers alone.
  public let int8: Double
  public let fp32: Double

  /// Takes about half a second and, for its time, 256 MiB.
  public init(_ kernels: Kernels) {
    let threads = kernels.pool.threads
    let peak = unsafe (kernels.table.pointee.peak_q8!, kernels.table.pointee.peak_f32!)
    int8 = Self.best(kernels) { peak.0(100_000) * Double(threads * 4) }
    fp32 = Self.best(kernels) { peak.1(400_000) * Double(threads * 4) }
    let memory = AlignedBuffer(byteCount: 256 << 20)
    let parts = threads * 4
    let size = memory.byteCount / parts / 256 * 256
    readBandwidth = Self.best(kernels) { part in
      _ = unsafe ck_read_memory(memory.bytes.baseAddress! + part * size, size)
      return Double(size * parts)
    }
  }

  /// The best rate of eight runs of four chunks a thread, each of which returns the work of all.
  private static func best(_ kernels: Kernels, _ body: @Sendable () -> Double) -> Double {
    best(kernels) { _ in body() }
  }

  private static func best(_ kernels: Kernels, _ body: @Sendable (Int) -> Double) -> Double {
    let clock = ContinuousClock()
    let work = body(0)
    return (0..<8).reduce(0.0) { best, _ in
      let time = clock.measure {
        kernels.pool.run(chunks: kernels.pool.threads * 4) { _ = body($0) }
      }
      return max(best, work / (time / .seconds(1)))
    }
  }
}
