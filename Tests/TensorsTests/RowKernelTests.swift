import Glibc
import Tensors
import Testing

@Suite struct RowKernelTests {
  @Test(arguments: everyKernels)
  func normMatchesDoublePrecision(_ kernels: Kernels) {
    for seed in UInt64(1)...20 {
      var random = SeededRandom(seed)
      let heads = random.int(1...4)
      let size = random.int(1...97)
      let rows = random.int(1...9)
      let x = random.matrix(rows, heads * size, scale: 5)
      let weight = random.matrix(1, size)
      let y = Matrix(rows: rows, columns: heads * size)
      kernels.rmsNorm(x, rows: rows, weight: weight, epsilon: 1e-5, heads: heads, into: y)
      var expected: [Double] = []
      for r in 0..<rows {
        for head in 0..<heads {
          let part = x.row(r)[head * size..<(head + 1) * size].map(Double.init)
          let mean = part.reduce(0) { $0 + $1 * $1 } / Double(size)
          expected += part.enumerated().map {
            $1 / (mean + 1e-5).squareRoot() * Double(weight[0, $0])
          }
        }
      }
      #expect(normalizedError(y.values(), expected) < 1e-6, "seed \(seed)")
      kernels.rmsNorm(x, rows: rows, weight: weight, epsilon: 1e-5, heads: heads, into: x)
      #expect(x.values() == y.values(), "in place, seed \(seed)")
    }
  }

  @Test(arguments: everyKernels)
  func normOfAHeadRangeLeavesTheRest(_ kernels: Kernels) {
    var random = SeededRandom(5)
    let x = random.matrix(4, 50)
    let before = x.values()
    let weight = random.matrix(1, 8)
    kernels.rmsNorm(
      x, from: 1, rows: 2, column: 10, heads: 3, weight: weight, epsilon: 0, into: x)
    for r in 0..<4 {
      for c in 0..<50 {
        let inside = (1..<3).contains(r) && (10..<34).contains(c)
        #expect((x[r, c] == before[r * 50 + c]) != inside, "[\(r), \(c)]")
      }
    }
  }

  @Test(arguments: everyKernels)
  func rotationMatchesDoublePrecision(_ kernels: Kernels) {
    for seed in UInt64(1)...20 {
      var random = SeededRandom(seed)
      let heads = random.int(1...3)
      let rotary = 2 * random.int(1...20)
      let headSize = rotary + random.int(0...9)
      let rows = random.int(1...7)
      let column = random.int(0...5)
      let first = random.int(0...2)
      let x = random.matrix(first + rows, column + heads * headSize + 3)
      let before =
        x
        .values()
      let angles = RotaryAngles(
        frequencies: RotaryAngles.frequencies(theta: 100_000, rotary: rotary), capacity: 8)
      let positions = (0..<rows).map { _ in random.int(0...4000) }
      angles.set(positions: positions)
      kernels.rotate(
        x, from: first, rows: rows, column: column, heads: heads, headSize: headSize, by: angles)
      var expected = before.map(Double.init)
      for r in 0..<rows {
        for head in 0..<heads {
          for i in 0..<rotary / 2 {
            let frequency = pow(100_000, -Double(2 * i) / Double(rotary))
            let angle = Double(positions[r]) * frequency
            let low = (first + r) * x.columns + column + head * headSize + i
            let (a, b) = (expected[low], expected[low + rotary / 2])
            expected[low] = a * cos(angle) - b * sin(angle)
            expected[low + rotary / 2] = b * cos(angle) + a * sin(angle)
          }
        }
      }
      // An fp32 angle of 4000 radians is off by up to 1.2e-4.
      #expect(normalizedError(x.values(), expected) < 2e-4, "seed \(seed)")
    }
  }

  @Test(arguments: everyKernels)
  func swigluMatchesDoublePrecision(_ kernels: Kernels) {
    for seed in UInt64(1)...10 {
      var random = SeededRandom(seed)
      let rows = random.int(1...9)
      let columns = random.int(1...200)
      let gate = random.matrix(rows, columns, scale: 12)
      let up = random.matrix(rows, columns)
      gate[0, 0] = -200
      gate[rows - 1, columns - 1] = 200
      let expected = zip(gate.values(), up.values()).map { g, u in
        Double(g) / (1 + exp(-Double(g))) * Double(u)
      }
      let stacked = Matrix(
        rows: rows, columns: 2 * columns, (0..<rows).flatMap { gate.row($0) + up.row($0) })
      let y = Matrix(rows: rows, columns: columns)
      kernels.swiglu(stacked, rows: rows, into: y)
      #expect(normalizedError(y.values(), expected) < 1e-6, "seed \(seed)")
      kernels.swiglu(gate: gate, up: up, rows: rows, into: gate)
      #expect(gate.values() == y.values(), "in place, seed \(seed)")
    }
  }

  @Test(arguments: everyKernels)
  func weightedRowsAreAddedToTheirPlaces(_ kernels: Kernels) {
    var random = SeededRandom(4)
    let (x, y) = (random.matrix(3, 45), random.matrix(8, 45))
    let before = y.values()
    kernels.add(x, weights: [9, 0.5, -2, 3, 9], to: [9, 6, 0, 3, 9], 1..<4, of: y)
    for row in 0..<8 {
      let added = [6: (0, Float(0.5)), 0: (1, -2), 3: (2, 3)][row]
      for column in 0..<45 {
        let old = before[row * 45 + column]
        let expected = added.map { old + $1 * x[$0, column] } ?? old
        #expect(abs(y[row, column] - expected) < 1e-5)
      }
    }
  }

  @Test(arguments: everyKernels)
  func sumsAndBiases(_ kernels: Kernels) {
    var random = SeededRandom(2)
    let x = random.matrix(5, 37)
    let y = random.matrix(5, 37)
    let bias = random.matrix(1, 37)
    let before = y.values()
    kernels.add(x, rows: 4, into: y)
    kernels.addBias(bias, to: y, rows: 4)
    for r in 0..<5 {
      for c in 0..<37 {
        let b = before[r * 37 + c]
        #expect(y[r, c] == (r < 4 ? b + x[r, c] + bias[0, c] : b))
      }
    }
  }
}

@Suite struct ElementaryTests {
  @Test func functionsAreThoseOfTheLibraryToTheirLastBits() {
    var random = SeededRandom(17)
    for _ in 0..<20_000 {
      let x = Double(random.floats(1)[0])
      let (sine, cosine) = Elementary.sineAndCosine(x * 1e5)
      #expect(abs(sine - sin(x * 1e5)) < 3e-16 && abs(cosine - cos(x * 1e5)) < 3e-16)
      let power = exp(x * 600)
      #expect(abs(Elementary.exp(x * 600) - power) <= 2e-15 * power)
      #expect(abs(Elementary.log(power) - log(power)) <= 2e-15 * max(1, abs(x * 600)))
    }
    for x in stride(from: -7.0, to: 7, by: 0.01) {
      #expect(abs(Elementary.erf(x) - erf(x)) <= 1e-14 * abs(erf(x)), "\(x)")
    }
    #expect(Elementary.erf(0) == 0 && Elementary.erf(-.infinity) == -1)
    #expect(Elementary.exp(0.0) == 1 && Elementary.exp(-1000.0) == 0 && Elementary.log(1) == 0)
    #expect(Elementary.sineAndCosine(0) == (0, 1))
  }
}
