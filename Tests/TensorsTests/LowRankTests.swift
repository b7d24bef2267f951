import Tensors
import Testing

@Suite struct LowRankTests {
  @Test(arguments: KernelLevel.available)
  func mergedWeightsMultiplyAsTheirParts(level: KernelLevel) throws {
    let kernels = try Kernels(level: level, threads: 2)
    let (rows, columns, rank, scale) = (37, 70, 5, Float(0.5))
    func values(_ count: Int, _ seed: Int) -> [Float] {
      (0..<count).map { Float(($0 * 31 + seed * 17) % 23 - 11) / 16 }
    }
    // Two matrices stacked, so that a panel holds rows of both.
    let base = (0..<2).map { Tensor(values(rows * columns, $0), shape: [rows, columns]) }
    let a = (0..<2).map { Tensor(values(rank * columns, $0 + 2), shape: [rank, columns]) }
    let b = (0..<2).map { Tensor(values(rows * rank, $0 + 4), shape: [rows, rank]) }
    let merged = LinearWeights(
      stacking: base, adding: zip(a, b).map { LowRankTerm(a: $0, b: $1, scale: scale) },
      kernels: kernels)
    let x = Matrix(rows: 3, columns: columns, values(3 * columns, 6))
    let y = Matrix(rows: 3, columns: 2 * rows)
    kernels.linear(x, rows: 3, merged, into: y)
    for i in 0..<3 {
      for n in 0..<2 * rows {
        let (part, row) = n.quotientAndRemainder(dividingBy: rows)
        var expected = 0.0
        for c in 0..<columns {
          var weight = Double(base[part].row(row)[c])
          for k in 0..<rank {
            weight += Double(scale * b[part].row(row)[k] * a[part].row(k)[c])
          }
          expected += weight * Double(x[i, c])
        }
        #expect(abs(Double(y[i, n]) - expected) < 1e-4, "[\(i), \(n)]")
      }
    }
  }

  @Test func limitsAreMeasured() throws {
    for level in KernelLevel.available {
      let limits = MachineLimits(try Kernels(level: level, threads: 1))
      #expect(limits.int8 > 0 && limits.fp32 > 0 && limits.readBandwidth > 0)
    }
  }
}
