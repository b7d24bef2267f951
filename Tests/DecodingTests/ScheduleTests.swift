import Decoding
import DecodingPolicies
import Testing

@Suite struct ScheduleTests {
  /// Counts of Python's max(1, round(left / (steps - step))).
  @Test(arguments: [
    (12, 8, [2, 1, 2, 1, 2, 1, 2, 1]), (12, 12, Array(repeating: 1, count: 12)),
    (5, 2, [2, 3]), (3, 8, [1, 1, 1]), (7, 1, [7]), (10, 4, [2, 3, 2, 3]),
  ])
  func linearCounts(slots: Int, steps: Int, expected: [Int]) {
    var left = slots
    var counts: [Int] = []
    for step in 0..<steps where left > 0 {
      counts.append(Schedule.linear.count(left: left, step: step, of: steps))
      left -= counts.last ?? 0
    }
    #expect(counts == expected)
  }

  @Test(arguments: Schedule.allCases, [1, 2, 7, 20, 64])
  func everyScheduleEndsWithNothingLeft(schedule: Schedule, steps: Int) {
    for slots in [1, 3, 20, 100] {
      var left = slots
      for step in 0..<steps where left > 0 {
        let count = schedule.count(left: left, step: step, of: steps)
        #expect(count >= 1 && count <= left)
        left -= count
      }
      #expect(left == 0, "\(schedule) of \(slots) slots in \(steps) steps")
    }
  }

  @Test func cosineRevealsMoreLater() {
    var left = 100
    var counts: [Int] = []
    for step in 0..<10 {
      counts.append(Schedule.cosine.count(left: left, step: step, of: 10))
      left -= counts[step]
    }
    #expect(counts == counts.sorted())
    #expect(counts[0] == 1 && counts[9] == 16)
  }
}
