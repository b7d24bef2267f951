/// Decides when the next frame may be drawn: at most 120 in any second, for whoever types or scrolls
/// faster than 60 times. The effect of a key or the mouse is drawn at once if that limit allows;
/// changes by the engine and timers wait until a thirtieth of a second has passed, and leave room for
/// keys.
///
/// A token bucket: a frame takes a token, of which there are twenty, and 100 come back in a second. Keys
/// that come faster than that for long wait for a token, 10 ms at most; a limit that is only counted
/// would be used up early in a second, and keys would wait for the rest of it.
struct FramePacer {
  enum Cause: Comparable { case background, input }

  static let perSecond = 120
  static let interval = Duration.milliseconds(33)
  private static let tokens = 20
  /// Time to regain one token.
  private static let refill = Duration.seconds(1) / (perSecond - tokens)

  private var last: ContinuousClock.Instant?
  /// Time at which the bucket is full again.
  private var full: ContinuousClock.Instant?

  func due(_ cause: Cause, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    guard let last, let full else { return now }
    // Tokens that may be lacking.
    let spare = cause == .input ? Self.tokens - 1 : Self.tokens / 2
    let room = full - Self.refill * spare
    let paced = cause == .input ? now : last + Self.interval
    return max(now, room, paced)
  }

  mutating func drew(_ now: ContinuousClock.Instant) {
    last = now
    full = max(full ?? now, now) + Self.refill
  }
}
