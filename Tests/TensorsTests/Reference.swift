import Tensors

/// Random numbers that a seed repeats (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// `count` floats in [-scale, scale).
  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in (Float(next() >> 40) * 0x1p-23 - 1) * scale }
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func matrix(_ rows: Int, _ columns: Int, scale: Float = 1) -> Matrix {
    Matrix(rows: rows, columns: columns, floats(rows * columns, scale: scale))
  }
}

/// The dot product of a row of x and a row of w in double precision.
func dot(_ x: [Float], _ w: [Float]) -> Double {
  var sum = 0.0
  for i in 0..<x.count { sum += Double(x[i]) * Double(w[i]) }
  return sum
}

/// sqrt(Σ (a - b)² / Σ b²), b the expected values.
func normalizedError(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "\(a.count) values, \(b.count) expected")
  var difference = 0.0
  var square = 0.0
  for (x, y) in zip(a, b) {
    difference += (Double(x) - y) * (Double(x) - y)
    square += y * y
  }
  return square == 0 ? difference : (difference / square).squareRoot()
}

/// Kernels of each level this machine runs, on pools of one and of three threads.
let everyKernels: [Kernels] = KernelLevel.available.flatMap { level in
  [1, 3].map { threads in
    do { return try Kernels(level: level, threads: threads) } catch { fatalError("\(error)") }
  }
}
