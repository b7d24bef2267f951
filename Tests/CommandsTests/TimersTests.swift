import Editing
import Testing

@testable import palimpsest

@Suite struct TimersTests {
  private let start = ContinuousClock.now
  private let second = DocumentID.atStart(2)[1]

  private func time(_ milliseconds: Int) -> ContinuousClock.Instant {
    start + .milliseconds(milliseconds)
  }

  @Test func theFirstToEndComesFirst() throws {
    var timers = Timers()
    #expect(timers.due == nil)
    timers.set(.fading, of: .first, to: time(20))
    timers.set(.doubts, of: second, to: time(10))
    #expect(timers.due == time(10))
    #expect(timers.takeNext(now: time(9)) == nil)
    let ended = timers.takeNext(now: time(30))
    #expect(ended?.document == second && ended?.timer == .doubts)
    let next = timers.takeNext(now: time(30))
    #expect(next?.document == .first && next?.timer == .fading)
    #expect(timers.takeNext(now: time(30)) == nil)
  }

  @Test func aTimerThatIsSetAgainIsReplaced() {
    var timers = Timers()
    timers.set(.fading, of: .first, to: time(10))
    timers.set(.fading, of: .first, to: time(40))
    #expect(timers.takeNext(now: time(39)) == nil)
    #expect(timers.takeNext(now: time(40)) != nil)
    #expect(timers.due == nil)
  }

  @Test func aClosedDocumentHasNone() {
    var timers = Timers()
    timers.set(.fading, of: .first, to: time(10))
    timers.set(.fading, of: second, to: time(20))
    timers.removeAll(of: .first)
    #expect(timers.due == time(20))
  }
}
