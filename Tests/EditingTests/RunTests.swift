import Infilling
import Testing

@testable import Editing

@Suite struct RunTests {
  private static let canvas = Array(repeating: InfillCell.open, count: 2)

  private static func step(isLast: Bool = false) -> RunReply {
    .step(InfillStep(index: 1, cells: canvas, changed: [], isLast: isLast))
  }

  private static func opened() -> Run {
    var run = Run(.candidate(1))
    run.open()
    return run
  }

  private static func running(owesStep: Bool = true) -> Run {
    var run = opened()
    #expect(run.handle(.began(canvas: canvas)) == [])
    if owesStep { #expect(run.requestStep() == [.step]) }
    return run
  }

  private static func paused() -> Run {
    var run = running(owesStep: false)
    run.pause()
    return run
  }

  @Test func stepsFollowOneAnotherToTheLast() {
    var run = Self.running()
    #expect(run.requestStep() == [], "one step is asked for at a time")
    #expect(run.handle(Self.step()) == [])
    #expect(run.requestStep() == [.step])
    #expect(run.handle(Self.step(isLast: true)) == [.drop])
    #expect(run.state == .ended && run.lastStep == 2)
  }

  /// Every state with the replies that do not belong to it.
  @Test func lateRepliesChangeNothing() {
    var dropped = Self.running()
    #expect(dropped.drop() == [.drop])
    var failed = Self.opened()
    #expect(failed.handle(.failed("no memory")) == [])
    let ended = Run(.candidate(1), canvas: [InfillCell(state: .draft, text: "a")])
    let replies = [RunReply.began(canvas: Self.canvas), Self.step(), .ended, .failed("late")]
    for run in [Run(.candidate(1)), dropped, failed, ended] {
      for reply in replies {
        var next = run
        #expect(next.handle(reply) == nil && next == run, "\(reply) in \(run.state)")
      }
    }
    for run in [Self.running(), Self.paused()] {
      var next = run
      #expect(next.handle(.began(canvas: [])) == nil && next == run)
    }
    var opened = Self.opened()
    #expect(opened.handle(Self.step()) == nil && opened == Self.opened())
  }

  @Test func aStepUnderWayIsRecordedInAPause() {
    var run = Self.running()
    run.pause()
    #expect(run.state == .paused(.step))
    #expect(run.handle(Self.step()) == [])
    #expect(run.state == .paused(.nothing) && run.lastStep == 1)
    #expect(run.resume() == [.step] && run.state == .running(owesStep: true))
  }

  @Test func aRunResumedBeforeItsStepCameAsksForNoOther() {
    var run = Self.running()
    run.pause()
    #expect(run.resume() == [] && run.state == .running(owesStep: true))
  }

  @Test func oneStepIsShownWhenItComes() {
    var run = Self.paused()
    #expect(run.requestShownStep() == [.step] && run.state == .paused(.shownStep))
    #expect(run.requestShownStep() == [])
    #expect(run.handle(Self.step()) == [] && run.state == .paused(.nothing))
    var owed = Self.running()
    owed.pause()
    #expect(owed.requestShownStep() == [] && owed.state == .paused(.shownStep))
  }

  @Test func stoppingKeepsTheSessionThatThereIs() {
    var opened = Self.opened()
    #expect(opened.stop() == [.drop] && opened.state == .dropped)
    var running = Self.running()
    #expect(running.stop() == [.interrupt] && running.state == .paused(.nothing))
    #expect(running.stop() == [])
  }

  @Test func aSessionIsDroppedOnce() {
    for var run in [Self.opened(), Self.running(), Self.paused()] {
      #expect(run.drop() == [.drop] && run.state == .dropped)
      #expect(run.drop() == [])
    }
    var idle = Run(.candidate(1))
    #expect(idle.drop() == [] && idle.state == .idle)
  }

  @Test func aCanvasWithMasksNeedsAnotherRun() {
    #expect(Run(.candidate(1), canvas: Self.canvas).state == .dropped)
    #expect(Run(.candidate(1), canvas: []).state == .ended)
  }
}
