internal import CKernels

/// A fork-join pool whose threads claim chunks of a job one at a time, the caller among them.
///
/// Idle threads spin for some microseconds and then sleep, so a pool costs nothing between jobs and
/// a thread that the system runs late delays a job by no more than the chunk it holds. Starting a
/// job costs about a microsecond while the threads spin, tens when they sleep.
@safe public final class WorkerPool: Sendable {
  /// Number of threads that work on a job, the caller included.
  public let threads: Int
  nonisolated(unsafe) private let pool: OpaquePointer

  /// A pool of `threads` threads; nil takes the number of processors this process may run on. Fewer
  /// are started where the system refuses more.
  public init(threads: Int? = nil) {
    let wanted = threads ?? Self.processorCount
    precondition(wanted >= 1, "a pool of \(wanted) threads")
    guard let pool = unsafe ck_pool_create(wanted) else {
      fatalError("no memory for a pool of \(wanted) threads")
    }
    unsafe self.pool = pool
    self.threads = unsafe ck_pool_threads(pool)
  }

  deinit {
    unsafe ck_pool_destroy(pool)
  }

  /// Number of processors this process may run on.
  public static var processorCount: Int { ck_processor_count() }

  /// Calls `body` once for each of 0..<chunks, from several threads, and returns when all are done.
  ///
  /// Callers on several threads take turns. A run inside a body is done by the calling thread alone.
  public func run(chunks: Int, _ body: @Sendable (Int) -> Void) {
    precondition(chunks >= 0, "\(chunks) chunks")
    withoutActuallyEscaping(body) { body in
      var job = Job(body: body)
      unsafe withUnsafeMutablePointer(to: &job) { job in
        unsafe ck_pool_run(
          pool, chunks,
          { context, chunk in
            unsafe context!.assumingMemoryBound(to: Job.self).pointee.body(chunk)
          }, job)
      }
    }
  }

  private struct Job {
    let body: @Sendable (Int) -> Void
  }
}
