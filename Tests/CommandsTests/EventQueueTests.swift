import Editing
import Testing

@testable import palimpsest

@Suite struct EventQueueTests {
  private let start = ContinuousClock.now

  @Test func eventsComeInOrder() {
    var queue = EventQueue()
    queue.append([.focused(true), .focused(false)])
    queue.append([.paste("a")])
    #expect(queue.due == nil)
    #expect(queue.takeNext(now: start) == .focused(true))
    #expect(queue.takeNext(now: start) == .focused(false))
    #expect(queue.takeNext(now: start) == .paste("a"))
    #expect(queue.takeNext(now: start) == nil)
  }

  @Test func heldEventsWaitForTheTime() {
    var queue = EventQueue()
    let end = start + .milliseconds(300)
    queue.hold(until: end)
    // Nothing waits: the loop need not wake.
    #expect(queue.due == nil)
    queue.append([.paste("a")])
    #expect(queue.due == end)
    #expect(queue.takeNext(now: start) == nil)
    #expect(queue.takeNext(now: end) == .paste("a"))
  }

  @Test func releaseEndsTheWait() {
    var queue = EventQueue()
    queue.append([.paste("a")])
    queue.hold(until: start + .seconds(1))
    queue.release()
    #expect(queue.due == nil)
    #expect(queue.takeNext(now: start) == .paste("a"))
  }
}
