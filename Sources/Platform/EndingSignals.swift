internal import CPlatform
internal import Glibc

/// SIGINT and SIGTERM as calls of a function, on a thread of their own. One a process.
///
/// Unchecked: nothing changes but `thread`, in `init` alone.
@safe package final class EndingSignals: @unchecked Sendable {
  private var thread = pthread_t()

  private final class Handler {
    let descriptor: Int32
    let call: @Sendable () -> Void

    init(_ descriptor: Int32, _ call: @escaping @Sendable () -> Void) {
      self.descriptor = descriptor
      self.call = call
    }

    /// Calls for each signal until `end`.
    func run() {
      while true {
        let signal = cp_signals_next(descriptor)
        if signal == 0 { return }
        call()
      }
    }
  }

  /// From now on each such signal is a call of `handler`, until `end`.
  package init(_ handler: @escaping @Sendable () -> Void) throws(PlatformError) {
    let descriptor = cp_ending_signals_open()
    guard descriptor >= 0 else { throw PlatformError("Cannot wait for signals") }
    let context = unsafe Unmanaged.passRetained(Handler(descriptor, handler)).toOpaque()
    let failure = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<Handler>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
    precondition(failure == 0, "the system refuses a thread: error \(failure)")
  }

  /// Returns once the thread has ended; the signals are ignored from then on.
  package func end() {
    cp_ending_signals_finish()
    pthread_join(thread, nil)
  }
}
