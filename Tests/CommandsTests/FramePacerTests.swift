import Testing

@testable import palimpsest

@Suite struct FramePacerTests {
  private let start = ContinuousClock.now

  private func time(_ milliseconds: Int) -> ContinuousClock.Instant {
    start + .milliseconds(milliseconds)
  }

  @Test func aKeyIsDrawnAtOnce() {
    var pacer = FramePacer()
    #expect(pacer.due(.input, now: time(0)) == time(0))
    pacer.drew(time(0))
    #expect(pacer.due(.input, now: time(1)) == time(1))
  }

  @Test func theEngineIsDrawnThirtyTimesASecond() {
    var pacer = FramePacer()
    pacer.drew(time(0))
    #expect(pacer.due(.background, now: time(1)) == time(33))
    #expect(pacer.due(.background, now: time(40)) == time(40))
  }

  /// Whatever happens, no second has more than 120 frames.
  @Test func aLimitForAnySecond() {
    var pacer = FramePacer()
    var frames: [Int] = []
    for now in 0..<4000 {
      let cause: FramePacer.Cause = now % 5 == 0 ? .background : .input
      guard pacer.due(cause, now: time(now)) <= time(now) else { continue }
      pacer.drew(time(now))
      frames.append(now)
    }
    for second in 0..<3000 {
      #expect(frames.count { (second..<second + 1000).contains($0) } <= FramePacer.perSecond)
    }
    #expect(frames.count > 400)
  }

  /// Keys that repeat faster than the limit are held up by a frame, not for the rest of a second.
  @Test func noKeyWaitsLong() {
    var pacer = FramePacer()
    var longest = Duration.zero
    for key in 0..<400 {
      let due = pacer.due(.input, now: time(5 * key))
      longest = max(longest, due - time(5 * key))
      if due < time(5 * key + 5) { pacer.drew(due) }
    }
    #expect(longest <= .milliseconds(10))
    #expect(longest > .zero)
  }

  /// Keys are echoed at once while the engine draws as often as it may.
  @Test(arguments: [11, 17, 40])
  func typingDoesNotWaitForTheEngine(milliseconds: Int) {
    var pacer = FramePacer()
    for now in 0..<5000 {
      if now % milliseconds == 0 {
        #expect(pacer.due(.input, now: time(now)) == time(now))
        pacer.drew(time(now))
      } else if pacer.due(.background, now: time(now)) <= time(now) {
        pacer.drew(time(now))
      }
    }
  }
}
