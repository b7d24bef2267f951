/// Times of one piece of work, in milliseconds, ascending.
struct Samples {
  let times: [Double]

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
    while times.count < runs || ContinuousClock.now - start < .seconds(seconds) {
      times.append(try body())
    }
    return Samples(times: times.sorted())
  }
}

/// Milliseconds that `body` takes.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .milliseconds(1)
}
