import Editing
import Testing

@testable import palimpsest

@Suite struct StepQueueTests {
  private let start = ContinuousClock.now
  private let run = RunID.lane(1)
  private let other = RunID.lane(2)

  private func time(_ milliseconds: Int) -> ContinuousClock.Instant {
    start + .milliseconds(milliseconds)
  }

  /// The runs of the steps that a look at this time hands over.
  private func release(_ queue: inout StepQueue, at now: Int) -> [RunID] {
    var runs: [RunID] = []
    let hasReleased = queue.release(now: time(now)) { run, _ in runs.append(run) }
    #expect(hasReleased == !runs.isEmpty)
    return runs
  }

  @Test func stepsWaitForTheirTime() {
    var queue = StepQueue()
    #expect(queue.due == nil)
    queue.append(.ended, of: run, due: time(30))
    queue.append(.ended, of: other, due: time(10))
    #expect(queue.due == time(10))
    #expect(release(&queue, at: 9) == [])
    #expect(release(&queue, at: 10) == [other])
    #expect(queue.due == time(30))
    #expect(release(&queue, at: 40) == [run])
    #expect(queue.due == nil)
  }

  @Test func stepsOfARunStayInOrder() {
    var queue = StepQueue()
    queue.append(.failed("first"), of: run, due: time(20))
    queue.append(.failed("second"), of: run, due: time(5))
    queue.append(.failed("third"), of: other, due: time(5))
    #expect(release(&queue, at: 19) == [other])
    var replies: [RunReply] = []
    _ = queue.release(now: time(20)) { replies.append($1) }
    #expect(replies == [.failed("first"), .failed("second")])
  }

  @Test func keysAreLookedForAfterTwoMilliseconds() {
    var queue = StepQueue()
    for _ in 0..<5 { queue.append(.ended, of: run, due: start) }
    var clock = 0
    var released = 0
    func look() -> Bool {
      queue.release(now: time(clock)) { _, _ in
        released += 1
        clock += 1
      }
    }
    #expect(look())
    #expect(released == 2)
    #expect(look())
    #expect(released == 4)
    #expect(look())
    #expect(released == 5)
    #expect(!look())
  }

  /// A step that takes long is handed over all the same.
  @Test func aLookHandsOverAStep() {
    var queue = StepQueue()
    for _ in 0..<2 { queue.append(.ended, of: run, due: start) }
    var clock = 0
    var released = 0
    _ = queue.release(now: time(clock)) { _, _ in
      released += 1
      clock += 50
    }
    #expect(released == 1)
  }
}
