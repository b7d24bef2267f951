/// Decides when the next frame may be drawn: at most sixty in any second. The effect of a key or
/// the mouse is drawn at once if that limit allows; changes by the engine and timers wait until a
/// thirtieth of a second has passed, so that it does.
struct FramePacer {
  enum Cause: Comparable { case background, input }

  static let perSecond = 60
  static let interval = Duration.milliseconds(33)

  /// When the last frames were drawn, at most `perSecond` of them.
  private var drawn: [ContinuousClock.Instant] = []

  func due(_ cause: Cause, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    guard let last = drawn.last else { return now }
    let room = drawn.count < Self.perSecond ? now : drawn[0] + .seconds(1)
    let paced = cause == .input ? now : last + Self.interval
    return max(now, room, paced)
  }

  mutating func drew(_ now: ContinuousClock.Instant) {
    drawn.append(now)
    if drawn.count > Self.perSecond { drawn.removeFirst() }
  }
}
