internal import Glibc

/// SIGINT and SIGTERM as calls of a function, on a thread of their own.
///
/// Unchecked: nothing changes but `thread`, in `init` alone.
@safe package final class EndingSignals: @unchecked Sendable {
  private var thread = pthread_t()

  private final class Handler {
    let call: @Sendable () -> Void
    init(_ call: @escaping @Sendable () -> Void) { self.call = call }
  }

  /// From now on each such signal is a call of `handler`, until `end`. To be made before the process
  /// has other threads: those of later inherit that the signals are blocked.
  package init(_ handler: @escaping @Sendable () -> Void) {
    var signals = Self.signals
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let context = unsafe Unmanaged.passRetained(Handler(handler)).toOpaque()
    let failure = unsafe pthread_create(
      &thread, nil,
      { context in
        let handler = unsafe Unmanaged<Handler>.fromOpaque(context!).takeRetainedValue()
        var signals = EndingSignals.signals
        var signal: Int32 = 0
        while unsafe sigwait(&signals, &signal) == 0, signal != SIGUSR2 { handler.call() }
        return nil
      }, context)
    precondition(failure == 0, "the system refuses a thread: error \(failure)")
  }

  /// Both, and the one that ends the thread.
  private static var signals: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGINT)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGUSR2)
    return set
  }

  /// Returns once the thread has ended.
  package func end() {
    pthread_kill(thread, SIGUSR2)
    pthread_join(thread, nil)
  }
}
