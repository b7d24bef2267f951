internal import CPlatform

/// Ends a `Terminal.wait` from any thread.
public final class Waker: Sendable {
  let descriptor: Int32

  init?() {
    descriptor = cp_wake_open()
    if descriptor < 0 { return nil }
  }

  deinit { cp_wake_close(descriptor) }

  /// Makes the current or the next wait return at once. Several signals before a wait count as one.
  public func signal() { cp_wake_signal(descriptor) }

  func drain() { cp_wake_drain(descriptor) }
}
