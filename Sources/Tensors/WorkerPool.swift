internal import CKernels

/// A fork-join pool whose threads claim chunks of a job one at a time, the caller among them.
///
/// Idle threads spin for some microseconds and then sleep, so a pool costs nothing between jobs and
/// a thread that the system runs late delays a job by no more than the chunk it holds. Starting a
/// job costs about a microsecond while the threads spin, tens when they sleep.
///
/// Unchecked: the pointer never changes, and the pool behind it has a lock for callers on several
/// threads.
@safe public final class WorkerPool: @unchecked Sendable {
  /// Number of threads that work on a job, the caller included.
  public let threads: Int
  private let pool: OpaquePointer

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
    withoutActuallyEscaping(body) { run(ClosureWork(body: $0), chunks: chunks) }
  }

  /// The same for work that is a value. Allocates nothing, where a closure is copied to the heap.
  func run(_ work: some ChunkedWork, chunks: Int) {
    precondition(chunks >= 0, "\(chunks) chunks")
    unsafe withUnsafePointer(to: work) { work in
      var job = unsafe AnyChunkedWork(work)
      unsafe withUnsafeMutablePointer(to: &job) { job in
        unsafe ck_pool_run(
          pool, chunks,
          { job, chunk in
            unsafe job!.assumingMemoryBound(to: AnyChunkedWork.self).pointee.run(chunk: chunk)
          }, job)
      }
    }
  }
}

/// Work that threads do in chunks.
protocol ChunkedWork: Sendable {
  func run(chunk: Int)
}

/// Work of any type where it lies, which must outlive this.
@safe private struct AnyChunkedWork {
  private let type: any ChunkedWork.Type
  private let work: UnsafeRawPointer

  init<Work: ChunkedWork>(_ work: UnsafePointer<Work>) {
    type = Work.self
    unsafe self.work = UnsafeRawPointer(work)
  }

  func run(chunk: Int) {
    unsafe type.run(at: work, chunk: chunk)
  }
}

extension ChunkedWork {
  fileprivate static func run(at work: UnsafeRawPointer, chunk: Int) {
    unsafe work.assumingMemoryBound(to: Self.self).pointee.run(chunk: chunk)
  }
}

private struct ClosureWork: ChunkedWork {
  let body: @Sendable (Int) -> Void

  func run(chunk: Int) { body(chunk) }
}

/// Work that can be cut into consecutive parts of some 0..<count.
protocol DivisibleWork: Sendable {
  func run(_ part: Range<Int>)
}

/// `work` on 0..<count cut into `parts` nearly equal parts.
struct DividedWork<Work: DivisibleWork>: ChunkedWork {
  let work: Work
  let count: Int
  let parts: Int

  func run(chunk: Int) {
    work.run(count * chunk / parts..<count * (chunk + 1) / parts)
  }
}

/// `work` on the part of its rows that begins with `first`.
struct ShiftedWork<Work: DivisibleWork>: DivisibleWork {
  let work: Work
  let first: Int

  func run(_ part: Range<Int>) {
    work.run(first + part.lowerBound..<first + part.upperBound)
  }
}
