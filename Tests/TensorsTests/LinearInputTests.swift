import Tensors
import Testing

/// Activations rounded where they are made give the products that they give as they are.
@Suite struct LinearInputTests {
  private static func weights(
    _ rows: Int, _ columns: Int, _ format: LinearWeights.Format, _ kernels: Kernels,
    _ random: inout SeededRandom
  ) -> LinearWeights {
    LinearWeights(
      Tensor(random.floats(rows * columns), shape: [rows, columns]), format: format,
      kernels: kernels)
  }

  /// The product of fp32 rows, rounded for it alone.
  private static func product(_ x: Matrix, _ rows: Int, _ w: LinearWeights, _ kernels: Kernels)
    -> [Float]
  {
    let y = Matrix(rows: rows, columns: w.rows)
    kernels.linear(x, rows: rows, w, into: y)
    return y.values()
  }

  @Test(arguments: everyKernels, LinearWeights.Format.allCases)
  func productsOfNormedRowsAreTheSame(_ kernels: Kernels, _ format: LinearWeights.Format) {
    for seed in UInt64(1)...10 {
      var random = SeededRandom(seed)
      let (rows, columns) = (random.int(1...40), random.int(1...150))
      let x = random.matrix(rows, columns)
      let weight = random.matrix(1, columns)
      let (w, v) = (
        Self.weights(random.int(1...70), columns, format, kernels, &random),
        Self.weights(random.int(1...70), columns, format, kernels, &random)
      )
      let normed = Matrix(rows: rows, columns: columns)
      kernels.rmsNorm(x, rows: rows, weight: weight, epsilon: 1e-5, into: normed)
      let input = QuantizedActivations(
        rows: rows + 2, columns: columns, format: format, kernels: kernels)
      kernels.rmsNorm(x, rows: rows, weight: weight, epsilon: 1e-5, into: input)
      #expect(Array(input.values.values().prefix(rows * columns)) == normed.values())

      let expected = Self.product(normed, rows, w, kernels)
      let y = Matrix(rows: rows, columns: w.rows)
      kernels.linear(input, rows: rows, w, into: y)
      #expect(y.values() == expected, "seed \(seed), \(kernels.level)")
      let z = Matrix(rows: rows + 1, columns: v.rows)
      y.fill(0)
      kernels.linear(input, rows: rows, w, into: y, v, into: z, at: 1)
      #expect(y.values() == expected, "seed \(seed), \(kernels.level)")
      #expect(
        Array(z.values().dropFirst(v.rows)) == Self.product(normed, rows, v, kernels),
        "seed \(seed), \(kernels.level)")

      // Some rows, in other places.
      let chosen = (0..<rows).filter { _ in random.next() % 2 == 0 }
      let gathered = Matrix(rows: chosen.count, columns: w.rows)
      input.gather(chosen, of: input)
      kernels.linear(input, rows: chosen.count, w, into: gathered)
      // How sums of floats are ordered depends on how many rows there are.
      let those = chosen.flatMap { expected[$0 * w.rows..<($0 + 1) * w.rows] }.map(Double.init)
      let tolerance: Double = format == .int8 || format == .int4 ? 0 : 1e-6
      #expect(
        normalizedError(gathered.values(), those) <= tolerance, "seed \(seed), \(kernels.level)")
    }
  }

  @Test(arguments: everyKernels)
  func weightsOfAnotherFormatTakeTheValues(_ kernels: Kernels) {
    var random = SeededRandom(3)
    let x = random.matrix(5, 100)
    let input = QuantizedActivations(rows: 5, columns: 100, format: .int8, kernels: kernels)
    let ones = Matrix(rows: 1, columns: 100, Array(repeating: 1, count: 100))
    kernels.rmsNorm(x, rows: 5, weight: ones, epsilon: 0, into: input)
    let w = Self.weights(30, 100, .f32, kernels, &random)
    let (y, z) = (Matrix(rows: 5, columns: 30), Matrix(rows: 5, columns: 30))
    kernels.linear(input, rows: 5, w, into: y)
    #expect(y.values() == Self.product(input.values, 5, w, kernels))
    kernels.linear(input, rows: 5, w, into: z, w, into: y)
    #expect(z.values() == y.values())
  }

  /// Whole groups of columns, where product and activation are one job, and others.
  @Test(arguments: everyKernels, LinearWeights.Format.allCases)
  func gatedProductsAreProductsThenActivations(_ kernels: Kernels, _ format: LinearWeights.Format) {
    for (rows, columns, inner) in [(33, 70, 192), (1, 64, 64), (5, 40, 100), (128, 30, 128)] {
      var random = SeededRandom(UInt64(rows))
      let input = QuantizedActivations(
        rows: rows, columns: columns, format: format, kernels: kernels)
      kernels.rmsNorm(
        random.matrix(rows, columns), rows: rows, weight: random.matrix(1, columns), epsilon: 0,
        into: input)
      let w = Self.weights(2 * inner, columns, format, kernels, &random)
      let down = Self.weights(50, inner, format, kernels, &random)
      let gateUp = Matrix(
        rows: rows, columns: 2 * inner, Self.product(input.values, rows, w, kernels))
      let expected = Matrix(rows: rows, columns: inner)
      kernels.swiglu(gateUp, rows: rows, into: expected)
      let y = QuantizedActivations(rows: rows, columns: inner, format: format, kernels: kernels)
      let other = Matrix(rows: rows, columns: 2 * inner)
      kernels.gatedLinear(input, rows: rows, w, gateUp: other, into: y)
      let tolerance: Double = format == .f32 ? 1e-6 : 0
      #expect(
        normalizedError(y.values.values(), expected.values().map(Double.init)) <= tolerance,
        "\(rows)x\(columns)x\(inner) \(kernels.level)")
      let found = Matrix(rows: rows, columns: 50)
      kernels.linear(y, rows: rows, down, into: found)
      #expect(
        found.values() == Self.product(y.values, rows, down, kernels),
        "\(rows)x\(columns)x\(inner) \(kernels.level)")
    }
  }

  /// Heads that fill groups of columns, and others.
  @Test(arguments: everyKernels, LinearWeights.Format.allCases)
  func productsOfAttendedRowsAreTheSame(_ kernels: Kernels, _ format: LinearWeights.Format) {
    for (heads, keyValueHeads, size) in [(6, 2, 64), (2, 2, 128), (4, 2, 24), (3, 1, 16)] {
      var random = SeededRandom(UInt64(size))
      let rows = 37
      let queries = random.matrix(rows, heads * size)
      let keyValue = random.matrix(90, 2 * keyValueHeads * size)
      let plan = AttentionPlan()
      for group in [0..<20, 20..<37] {
        plan.addGroup(group)
        plan.addSegment(
          AttentionSegment(
            keys: keyValue, values: keyValue, rows: 0..<90, valueColumn: keyValueHeads * size))
      }
      let input = QuantizedActivations(
        rows: rows, columns: heads * size, format: format, kernels: kernels)
      kernels.attention(
        queries, heads: heads, keyValueHeads: keyValueHeads, headSize: size, plan,
        precision: .rounded, into: input)
      let expected = Matrix(rows: rows, columns: heads * size)
      kernels.attention(
        queries, heads: heads, keyValueHeads: keyValueHeads, headSize: size, plan,
        precision: .rounded, into: expected)
      #expect(input.values.values() == expected.values())
      let w = Self.weights(40, heads * size, format, kernels, &random)
      let y = Matrix(rows: rows, columns: 40)
      kernels.linear(input, rows: rows, w, into: y)
      #expect(
        y.values() == Self.product(expected, rows, w, kernels), "\(size) \(kernels.level)")
    }
  }
}
