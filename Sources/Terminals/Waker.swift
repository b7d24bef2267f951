internal import CPlatform

/// Ends a `Terminal.wait` from any thread.
public final class Waker: Sendable {
  let descriptor: Int32

  init?() {
    descriptor = cp_wake_open()
    if descriptor < 0 { return nil }
  }

  deinit { cp_wake_close(descriptor) }

  /// The present or the next wait returns at once. Signals that come before it are one.
  public func signal() { cp_wake_signal(descriptor) }

  func drain() { cp_wake_drain(descriptor) }
}
