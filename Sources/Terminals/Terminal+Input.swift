internal import CPlatform
public import Editing
internal import Glibc

/// The reason why a `Terminal.wait` ended.
public struct Wakeup: Sendable, Equatable {
  /// Signals that are not the terminal's own business.
  public enum Signal: Sendable, Equatable {
    case interrupt, terminate, hangUp
    /// Call `Terminal.suspend`.
    case suspend
  }

  /// Keys, pastes, mouse reports and changes of size, in order.
  public var events: [Event] = []
  public var signals: [Signal] = []
  /// `Waker.signal` was called.
  public var isWoken = false
  /// `Terminal.watched` has something to read.
  public var isWatchReady = false
  /// The terminal hung up.
  public var isHungUp = false

  public init() {}
}

extension Terminal {
  /// Sleeps until input, a signal or a wake-up, or until the milliseconds are over (nil: no limit).
  /// Draw after it: a change of size, or a stop and continuation of the process, makes the contents
  /// of the screen unknown, and only `draw` repaints.
  public func wait(milliseconds: Int?) -> Wakeup {
    var wakeup = Wakeup()
    let now = Int(cp_milliseconds())
    var limit = milliseconds.map { max(0, $0) }
    if let deadline = decoder.deadline { limit = min(limit ?? .max, max(0, deadline - now)) }
    if !pending.isEmpty { limit = 0 }

    let ready = Int(
      cp_wait(
        device, signals, waker.descriptor, watched, Int32(min(limit ?? -1, Int(Int32.max)))))
    if ready & CP_READY_WAKE != 0 {
      waker.drain()
      wakeup.isWoken = true
    }
    wakeup.isWatchReady = ready & CP_READY_WATCH != 0
    if ready & CP_READY_TTY != 0 {
      read(into: &wakeup)
    } else {
      // Time has passed only if no input is unread.
      wakeup.events += decoder.flush(now: Int(cp_milliseconds()))
    }
    if ready & CP_READY_HANGUP != 0 { wakeup.isHungUp = true }
    while case let signal = cp_signals_next(signals), signal != 0 { pending.append(signal) }
    while !pending.isEmpty { handle(pending.removeFirst(), &wakeup) }
    return wakeup
  }

  private func read(into wakeup: inout Wakeup) {
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let capacity = bytes.count
    let count = unsafe cp_tty_read(device, &bytes, capacity)
    if count == 0 {
      wakeup.isHungUp = true
    } else if count > 0 {
      wakeup.events += decoder.feed(
        Array(bytes[..<Int(count)]), now: Int(cp_milliseconds()))
    }
  }

  private func handle(_ signal: Int32, _ wakeup: inout Wakeup) {
    switch signal {
    case SIGWINCH:
      if let event = adoptSize() { wakeup.events.append(event) }
    case SIGCONT: recover()
    case SIGINT: wakeup.signals.append(.interrupt)
    case SIGTERM: wakeup.signals.append(.terminate)
    case SIGHUP: wakeup.signals.append(.hangUp)
    case SIGTSTP: wakeup.signals.append(.suspend)
    default: break
    }
  }
}
