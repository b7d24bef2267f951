internal import Glibc

/// Times of one piece of work, in milliseconds, ascending.
struct Samples {
  let times: [Double]
  /// Least processor time of all threads: the cost of the work on a shared machine.
  let processorTime: Double

  var minimum: Double { times[0] }
  var median: Double { times[times.count / 2] }
  /// The time that 95 of 100 runs stay below.
  var p95: Double { times[min(times.count - 1, times.count * 95 / 100)] }

  /// Runs `body` once unmeasured, then for `seconds` and at least `runs` times; `body` returns the
  /// milliseconds it took, so that it may prepare outside of them.
  static func measure(
    seconds: Double, runs: Int = 5, _ body: () throws -> Double
  ) rethrows -> Samples {
    _ = try body()
    let start = ContinuousClock.now
    var times: [Double] = []
    var processorTime = Double.infinity
    while times.count < runs || ContinuousClock.now - start < .seconds(seconds) {
      let before = clock()
      times.append(try body())
      processorTime = min(processorTime, Double(clock() - before) * 1000 / Double(CLOCKS_PER_SEC))
    }
    return Samples(times: times.sorted(), processorTime: processorTime)
  }
}

/// Milliseconds that `body` takes.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .milliseconds(1)
}
