internal import CPlatform
internal import Glibc

/// Threads for tasks in the background, started as tasks need them and asleep between.
///
/// Those that tasks run on by default are watched on Linux: from the first of them on, libdispatch
/// wakes the process each second, for as long as it lives (`_dispatch_workq_monitor_pools` in its
/// workqueue.c). Tasks with this executor leave an idle process asleep.
///
/// Unchecked: `jobs`, `idle` and `count` are touched only while `lock` is held.
@safe public final class BackgroundThreads: TaskExecutor, @unchecked Sendable {
  public static let shared = BackgroundThreads()

  /// Enough for a search, a save, an export and the journal at a time, which may block on disks.
  private static let most = 8

  private var jobs: [UnownedJob] = []
  /// Threads that wait for a job, and all.
  private var idle = 0
  private var count = 0
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private init() {
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(arrival, nil)
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    jobs.append(job)
    if idle < jobs.count, count < Self.most, start() { count += 1 }
    unsafe pthread_cond_signal(arrival)
  }

  /// Whether the system allows another thread; the first has to be allowed.
  private func start() -> Bool {
    var thread = pthread_t()
    let failure = unsafe pthread_create(
      &thread, nil,
      { _ in
        BackgroundThreads.shared.run()
        return nil
      }, nil)
    precondition(failure == 0 || count > 0, "the system refuses a thread: error \(failure)")
    if failure == 0 { pthread_detach(thread) }
    return failure == 0
  }

  private func run() {
    cp_thread_compute()
    while true {
      let job = next()
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }

  private func next() -> UnownedJob {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    idle += 1
    while jobs.isEmpty { unsafe pthread_cond_wait(arrival, lock) }
    idle -= 1
    return jobs.removeFirst()
  }
}
