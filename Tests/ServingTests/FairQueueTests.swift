import TestSupport
import Testing

@testable import Serving

@Suite struct FairQueueTests {
  @Test func ownersTakeTurns() {
    var queue = FairQueue<Int, String>()
    for element in ["a1", "a2", "a3"] { queue.append(element, of: 1) }
    queue.append("b1", of: 2)
    queue.append("c1", of: 3)
    queue.append("c2", of: 3)
    var order: [String] = []
    while let next = queue.next() { order.append(next) }
    #expect(order == ["a1", "b1", "c1", "a2", "c2", "a3"])
    #expect(queue.count == 0)
  }

  @Test func whatIsTakenOutLeavesTheTurnsOfOthers() {
    var queue = FairQueue<Int, String>()
    queue.append("a1", of: 1)
    queue.append("b1", of: 2)
    queue.append("b2", of: 2)
    #expect(queue.remove(of: 1) { $0 == "a1" } == "a1")
    #expect(queue.remove(of: 1) { $0 == "a1" } == nil)
    #expect(queue.remove(of: 2) { $0 == "b1" } == "b1")
    #expect(queue.count == 1 && queue.next() == "b2" && queue.next() == nil)
  }

  /// Against a list in which the owner's turn is looked up: between two elements of one owner, every
  /// other that waits has one.
  @Test func nobodyIsPassedOverTwice() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    var queue = FairQueue<Int, Int>()
    var waiting: [Int: Int] = [:]
    var passed: [Int: [Int: Int]] = [:]
    for _ in 0..<Property.operations {
      if random.below(2) == 0 {
        let owner = random.below(6)
        queue.append(owner, of: owner)
        waiting[owner, default: 0] += 1
      } else if let owner = queue.next() {
        waiting[owner, default: 0] -= 1
        passed[owner] = nil
        for other in waiting.keys where other != owner && waiting[other, default: 0] > 0 {
          passed[other, default: [:]][owner, default: 0] += 1
          let times = passed[other]?[owner] ?? 0
          #expect(times <= 2, "owner \(owner) before \(other), seed \(seed)")
          if times > 2 { return }
        }
      }
    }
    #expect(queue.count == waiting.values.reduce(0, +))
  }
}
