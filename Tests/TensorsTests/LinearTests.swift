import Tensors
import Testing

@Suite struct LinearTests {
  /// Largest normalised error of a format against the double-precision product.
  static func bound(_ format: LinearWeights.Format) -> Double {
    switch format {
    case .f32: 2e-6
    // One operand of 8 bits and sign, or two where both are rounded: 1.5e-3 or 2.1e-3.
    case .bf16: 3.5e-3
    // Two operands of 6 bits and sign: about 1.1e-2 on uniform values.
    case .int8: 2.5e-2
    // Fifteen steps over the range of 32 uniform values, seldom as many: about 9e-2.
    case .int4: 1.3e-1
    }
  }

  @Test(arguments: everyKernels, LinearWeights.Format.allCases)
  func raggedShapesMatchDoublePrecision(_ kernels: Kernels, _ format: LinearWeights.Format) {
    for seed in UInt64(1)...15 {
      var random = SeededRandom(seed)
      let rows = random.int(1...13)
      let columns = random.int(1...150)
      let outputs = random.int(1...70)
      let x = random.matrix(rows + 2, columns)
      let weights = random.floats(outputs * columns)
      let y = random.matrix(rows + 3, outputs)
      let before = y.values()
      let from = random.int(0...2)
      let at = random.int(0...3)
      let scale = random.floats(1)[0]
      let accumulate = random.next() % 2 == 0
      let packed = LinearWeights(
        Tensor(weights, shape: [outputs, columns]), format: format, kernels: kernels)
      kernels.linear(
        x, from: from, rows: rows, packed, into: y, at: at, accumulate: accumulate, scale: scale)

      var expected = before.map(Double.init)
      for r in 0..<rows {
        for n in 0..<outputs {
          let product = dot(x.row(from + r), Array(weights[n * columns..<(n + 1) * columns]))
          let index = (at + r) * outputs + n
          expected[index] = Double(scale) * product + (accumulate ? expected[index] : 0)
        }
      }
      let error = normalizedError(y.values(), expected)
      #expect(
        error < Self.bound(format),
        "seed \(seed): \(rows)x\(columns)x\(outputs) \(kernels.level) \(kernels.pool.threads)")
      for r in 0..<y.rows where r < at || r >= at + rows {
        #expect(y.row(r) == Array(before[r * outputs..<(r + 1) * outputs]), "seed \(seed)")
      }
    }
  }

  @Test(arguments: everyKernels, [(33, 576, 1536), (1, 1536, 576), (64, 576, 192), (5, 576, 4096)])
  func modelShapesMatchSampledElements(_ kernels: Kernels, _ shape: (Int, Int, Int)) {
    let (rows, columns, outputs) = shape
    var random = SeededRandom(7)
    let x = random.matrix(rows, columns)
    let weights = random.floats(outputs * columns)
    let tensor = Tensor(weights, shape: [outputs, columns])
    for format in LinearWeights.Format.allCases {
      let y = Matrix(rows: rows, columns: outputs)
      let packed = LinearWeights(tensor, format: format, kernels: kernels)
      kernels.linear(x, rows: rows, packed, into: y)
      var actual: [Float] = []
      var expected: [Double] = []
      for _ in 0..<60 {
        let r = random.int(0...rows - 1)
        let n = random.int(0...outputs - 1)
        actual.append(y[r, n])
        expected.append(dot(x.row(r), Array(weights[n * columns..<(n + 1) * columns])))
      }
      let error = normalizedError(actual, expected)
      #expect(error < Self.bound(format), "\(kernels.level) \(format) \(shape): \(error)")
    }
  }

  @Test(arguments: KernelLevel.available)
  func resultsDoNotDependOnThreads(_ level: KernelLevel) throws {
    var random = SeededRandom(3)
    let x = random.matrix(33, 576)
    let tensor = Tensor(random.floats(1000 * 576), shape: [1000, 576])
    for format in LinearWeights.Format.allCases where level != .openblas {
      var results: [[Float]] = []
      for threads in [1, 2, 5] {
        let kernels = try Kernels(level: level, threads: threads)
        let y = Matrix(rows: 33, columns: 1000)
        kernels.linear(
          x, rows: 33, LinearWeights(tensor, format: format, kernels: kernels), into: y)
        results.append(y.values())
      }
      #expect(results[0] == results[1] && results[0] == results[2], "\(format)")
    }
  }

  @Test(arguments: everyKernels, LinearWeights.Format.allCases)
  func stackedWeightsEqualTheirParts(_ kernels: Kernels, _ format: LinearWeights.Format) {
    var random = SeededRandom(11)
    let x = random.matrix(6, 64)
    let parts = [40, 7, 33].map { Tensor(random.floats($0 * 64), shape: [$0, 64]) }
    let stacked = LinearWeights(stacking: parts, format: format, kernels: kernels)
    let y = Matrix(rows: 6, columns: 80)
    kernels.linear(x, rows: 6, stacked, into: y)
    var column = 0
    for part in parts {
      let alone = Matrix(rows: 6, columns: part.rows)
      kernels.linear(
        x, rows: 6, LinearWeights(part, format: format, kernels: kernels), into: alone)
      for r in 0..<6 {
        let difference = zip(alone.row(r), y.row(r)[column..<column + part.rows])
          .map { abs($0 - $1) }.max()!
        #expect(difference < 1e-5)
      }
      column += part.rows
    }
  }

  /// Small integers are quantised without error, so only the weights' own values can differ: by what
  /// scales and minimums lose as integers.
  @Test(arguments: everyKernels, [ElementType.q4_0, .q4_1])
  func storedFourBitWeightsKeepTheirValues(_ kernels: Kernels, _ type: ElementType) {
    guard kernels.level != .openblas else { return }
    for seed in UInt64(1)...8 {
      var random = SeededRandom(seed)
      let (rows, columns) = (random.int(1...40), 32 * random.int(1...9))
      let parts = [random.int(1...40), random.int(1...40)].map { outputs in
        Self.blocks(type, rows: outputs, columns: columns, &random)
      }
      let outputs = parts[0].rows + parts[1].rows
      let x = Matrix(
        rows: rows, columns: columns,
        (0..<rows * columns).map { $0 % 32 == 0 ? 127 : Float(random.int(-127...127)) })
      let packed = LinearWeights(stacking: parts, format: .int8, kernels: kernels)
      #expect(packed.format == .int4)
      let y = Matrix(rows: rows, columns: outputs)
      kernels.linear(x, rows: rows, packed, into: y)
      let weights = parts.flatMap { part in (0..<part.rows).map { part.row($0) } }
      let expected = (0..<rows).flatMap { r in weights.map { dot(x.row(r), $0) } }
      let error = normalizedError(y.values(), expected)
      #expect(error < (type == .q4_1 ? 1e-4 : 4e-4), "seed \(seed), \(kernels.level): \(error)")
    }
  }

  /// Small integers are bfloat16 numbers, so only the weights' own values can differ.
  @Test(arguments: everyKernels)
  func storedBfloat16WeightsKeepTheirValues(_ kernels: Kernels) {
    for seed in UInt64(1)...8 {
      var random = SeededRandom(seed)
      let (rows, columns) = (random.int(1...40), random.int(1...300))
      let outputs = random.int(1...70)
      let bytes = random.floats(outputs * columns).flatMap { weight in
        let bits = weight.bitPattern >> 16
        return [UInt8(bits & 255), UInt8(bits >> 8)]
      }
      let owner = Bytes(bytes)
      let tensor = unsafe Tensor(
        type: .bf16, shape: [outputs, columns], bytes: owner.pointer, owner: owner)
      let x = Matrix(
        rows: rows, columns: columns,
        (0..<rows * columns).map { _ in Float(random.int(-127...127)) })
      let packed = LinearWeights(tensor, format: .bf16, kernels: kernels)
      let y = Matrix(rows: rows, columns: outputs)
      kernels.linear(x, rows: rows, packed, into: y)
      let expected = (0..<rows).flatMap { r in
        (0..<outputs).map { dot(x.row(r), tensor.row($0)) }
      }
      let error = normalizedError(y.values(), expected)
      #expect(error < 2e-6, "seed \(seed), \(kernels.level): \(error)")
    }
  }

  /// Random 4-bit blocks with scales and minimums of moderate size.
  static func blocks(
    _ type: ElementType, rows: Int, columns: Int, _ random: inout SeededRandom
  ) -> Tensor {
    var bytes: [UInt8] = []
    for _ in 0..<rows * columns / 32 {
      for _ in 0..<(type == .q4_1 ? 2 : 1) {
        let half = UInt16(random.int(0x2000...0x3800)) | (random.next() % 2 == 0 ? 0x8000 : 0)
        bytes += [UInt8(half & 255), UInt8(half >> 8)]
      }
      bytes += (0..<16).map { _ in UInt8(random.int(0...255)) }
    }
    let owner = Bytes(bytes)
    return unsafe Tensor(
      type: type, shape: [rows, columns], bytes: owner.pointer, owner: owner)
  }
}
