internal import CPlatform
internal import DequeModule
internal import Glibc

/// An executor with its own thread. A forward pass computes for tens of milliseconds; on one of the
/// few threads that all tasks share it would delay the others.
///
/// Unchecked: `queue` is shared under its own lock; `thread` never changes.
@safe final class EngineThread: SerialExecutor, @unchecked Sendable {
  private let queue = Queue()
  private let thread: pthread_t

  init() {
    let context = unsafe Unmanaged.passRetained(queue).toOpaque()
    var thread = pthread_t()
    let failure = unsafe pthread_create(
      &thread, nil,
      { context in
        let queue = unsafe Unmanaged<Queue>.fromOpaque(context!).takeRetainedValue()
        cp_thread_compute()
        queue.run()
        return nil
      }, context)
    precondition(failure == 0, "the system refuses a thread: error \(failure)")
    self.thread = thread
  }

  /// Returns once the thread has ended, so that the process may exit after an engine is released.
  deinit {
    queue.close()
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    unsafe queue.append(Job(job: UnownedJob(job), executor: asUnownedSerialExecutor()))
  }

  @unsafe struct Job {
    let job: UnownedJob
    let executor: UnownedSerialExecutor
  }

  /// Jobs in the order they came.
  ///
  /// Unchecked: `jobs` and `isClosed` are touched only while `lock` is held. A lock and not an actor:
  /// the queue is what an actor runs on, and its thread has to sleep until a job arrives.
  @safe final class Queue: @unchecked Sendable {
    private var jobs: Deque<Job> = unsafe []
    private var isClosed = false
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
      unsafe pthread_mutex_init(lock, nil)
      unsafe pthread_cond_init(arrival, nil)
    }

    deinit {
      unsafe pthread_cond_destroy(arrival)
      unsafe pthread_mutex_destroy(lock)
      unsafe arrival.deallocate()
      unsafe lock.deallocate()
    }

    func append(_ job: Job) {
      unsafe pthread_mutex_lock(lock)
      unsafe jobs.append(job)
      unsafe pthread_cond_signal(arrival)
      unsafe pthread_mutex_unlock(lock)
    }

    func close() {
      unsafe pthread_mutex_lock(lock)
      isClosed = true
      unsafe pthread_cond_signal(arrival)
      unsafe pthread_mutex_unlock(lock)
    }

    /// Runs jobs until the queue is closed and empty.
    func run() {
      while let job = unsafe next() {
        unsafe job.job.runSynchronously(on: job.executor)
      }
    }

    private func next() -> Job? {
      unsafe pthread_mutex_lock(lock)
      defer { unsafe pthread_mutex_unlock(lock) }
      while unsafe jobs.isEmpty {
        if isClosed { return nil }
        unsafe pthread_cond_wait(arrival, lock)
      }
      return unsafe jobs.removeFirst()
    }
  }
}
