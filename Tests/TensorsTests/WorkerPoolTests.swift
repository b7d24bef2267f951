import Synchronization
import Tensors
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 16])
  func eachChunkRunsOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for chunks in [0, 1, 2, 7, 64, 1000] {
      let counts = Mutex([Int](repeating: 0, count: chunks))
      pool.run(chunks: chunks) { chunk in counts.withLock { $0[chunk] += 1 } }
      #expect(counts.withLock { $0 } == [Int](repeating: 1, count: chunks))
    }
  }

  @Test(arguments: [2, 5])
  func manyShortJobsComplete(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let sum = Atomic(0)
    var expected = 0
    for job in 0..<20_000 {
      let chunks = job % 9
      expected += chunks * (chunks - 1) / 2
      pool.run(chunks: chunks) { chunk in
        sum.wrappingAdd(chunk, ordering: .relaxed)
      }
    }
    #expect(sum.load(ordering: .relaxed) == expected)
  }

  @Test func jobsAfterSleepComplete() async throws {
    let pool = WorkerPool(threads: 4)
    let sum = Atomic(0)
    for _ in 0..<20 {
      pool.run(chunks: 8) { _ in sum.wrappingAdd(1, ordering: .relaxed) }
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(sum.load(ordering: .relaxed) == 160)
  }

  @Test func aRunInsideABodyIsDoneAtOnce() {
    let pool = WorkerPool(threads: 3)
    let other = WorkerPool(threads: 2)
    let sum = Atomic(0)
    pool.run(chunks: 10) { _ in
      pool.run(chunks: 5) { _ in
        other.run(chunks: 3) { _ in sum.wrappingAdd(1, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 150)
  }

  /// A count that tasks share.
  final class Counter: Sendable {
    let value = Atomic(0)
  }

  @Test func callersTakeTurns() async {
    let pool = WorkerPool(threads: 3)
    let counter = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          for _ in 0..<500 {
            pool.run(chunks: 7) { _ in counter.value.wrappingAdd(1, ordering: .relaxed) }
          }
        }
      }
    }
    #expect(counter.value.load(ordering: .relaxed) == 6 * 500 * 7)
  }

  @Test func poolsComeAndGo() {
    for threads in 1...40 {
      let pool = WorkerPool(threads: threads % 6 + 1)
      let sum = Atomic(0)
      pool.run(chunks: threads) { _ in sum.wrappingAdd(1, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == threads)
    }
  }

  @Test func theDefaultSizeIsTheProcessorCount() {
    #expect(WorkerPool().threads == WorkerPool.processorCount)
  }
}
