import Testing

@testable import Tensors

@Suite struct DivisionTests {
  @Test func partsFollowOneAnotherAndEndSmall() {
    for seed in UInt64(1)...300 {
      var random = SeededRandom(seed)
      let count = random.int(0...[5, 100, 10_000][random.int(0...2)])
      let minimum = random.int(0...40)
      let threads = random.int(1...17)
      let division = Division(count, minimum: minimum, threads: threads)
      let name = "seed \(seed): \(count) by \(minimum) for \(threads)"
      var end = 0
      for index in 0..<division.parts {
        let part = division.part(index)
        #expect(part.lowerBound == end && part.count >= max(1, min(count, minimum)), "\(name)")
        end = part.upperBound
      }
      #expect(end == count && (threads > 1 || division.parts <= 1), "\(name)")
      if threads > 1 && count > 0 {
        let first = division.part(0)
        #expect(first.count <= max(4 * minimum, count / (4 * threads), 1), "\(name)")
        let last = division.part(division.parts - 1)
        #expect(last.count <= max(1, 4 * minimum), "\(name)")
      }
    }
  }
}
