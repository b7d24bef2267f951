import Tensors
import Testing

/// Every level gives what the portable one gives, to the bit, on any number of threads; and a row is
/// what it is alone.
@Suite struct LevelTests {
  /// All levels but OpenBLAS, which is outside this promise, on pools of 1, 2 and 5 threads.
  static let kernels: [Kernels] = KernelLevel.available.flatMap { level in
    level == .openblas
      ? []
      : [1, 2, 5].map { threads in
        do { return try Kernels(level: level, threads: threads) } catch { fatalError("\(error)") }
      }
  }

  /// Expects the same bits of `results` from all kernels, for each seed.
  static func expectSame(
    seeds: ClosedRange<UInt64>, _ what: String,
    _ results: (Kernels, inout SeededRandom) -> [Float]
  ) {
    for seed in seeds {
      var expected: [UInt32] = []
      for kernels in Self.kernels {
        var random = SeededRandom(seed)
        let found = results(kernels, &random).map(\.bitPattern)
        if expected.isEmpty { expected = found }
        let place = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset
        #expect(
          found.count == expected.count && place == nil,
          """
          \(what), seed \(seed): \(kernels.level) on \(kernels.pool.threads) threads differs from \
          \(Self.kernels[0].level) at \(place ?? -1) of \(found.count)
          """)
      }
    }
  }

  /// A few rows, or as many as a level needs to multiply otherwise.
  private static func rowCount(_ random: inout SeededRandom) -> Int {
    random.int(0...2) == 0 ? random.int(64...180) : random.int(1...40)
  }

  @Test(arguments: LinearWeights.Format.allCases)
  func products(_ format: LinearWeights.Format) {
    Self.expectSame(seeds: 1...20, "\(format)") { kernels, random in
      let (rows, columns) = (Self.rowCount(&random), random.int(1...300))
      let outputs = random.int(1...100)
      let x = random.matrix(rows, columns, scale: Float(random.int(1...9)))
      let tensor = Tensor(random.floats(outputs * columns), shape: [outputs, columns])
      let weights = LinearWeights(tensor, format: format, kernels: kernels)
      let y = random.matrix(rows, outputs)
      kernels.linear(
        x, rows: rows, weights, into: y, accumulate: random.next() % 2 == 0,
        scale: random.floats(1)[0])
      return y.values()
    }
  }

  @Test(arguments: [ElementType.q4_0, .q4_1])
  func productsOfStoredBlocks(_ type: ElementType) {
    Self.expectSame(seeds: 1...15, "\(type)") { kernels, random in
      let (rows, columns) = (Self.rowCount(&random), 32 * random.int(1...9))
      let blocks = LinearTests.blocks(type, rows: random.int(1...50), columns: columns, &random)
      let weights = LinearWeights(blocks, format: .int8, kernels: kernels)
      let y = Matrix(rows: rows, columns: blocks.rows)
      kernels.linear(random.matrix(rows, columns), rows: rows, weights, into: y)
      return y.values()
    }
  }

  @Test func lowRankTerms() {
    Self.expectSame(seeds: 1...10, "low rank") { kernels, random in
      let (rows, columns, rank) = (random.int(1...60), random.int(1...130), random.int(1...40))
      let term = LowRankTerm(
        a: Tensor(random.floats(rank * columns), shape: [rank, columns]),
        b: Tensor(random.floats(rows * rank), shape: [rows, rank]), scale: 0.7)
      let weights = LinearWeights(
        stacking: [Tensor(random.floats(rows * columns), shape: [rows, columns])], adding: [term],
        format: .int8, kernels: kernels)
      let y = Matrix(rows: 3, columns: rows)
      kernels.linear(random.matrix(3, columns), rows: 3, weights, into: y)
      return y.values()
    }
  }

  /// Random segments of all kinds for `rows` queries.
  private static func segments(
    _ random: inout SeededRandom, rows: Int, heads: Int, headSize: Int
  ) -> [AttentionSegment] {
    (0..<random.int(1...3)).map { _ in
      var segment = AttentionTests.randomSegment(&random, rows: rows, width: heads * headSize)
      if case .masked(let mask, _) = segment.visibility, random.next() % 2 == 0 {
        // Text before the mask, and rows that see the mask's beginning without a gap.
        let before = random.int(0...90)
        let count = before + mask.columns
        for row in 0..<rows {
          for column in 0..<min(random.int(0...70), mask.columns) { mask[row, column] = true }
        }
        segment = AttentionSegment(
          keys: random.matrix(count, segment.keys.columns, scale: 3),
          values: random.matrix(count, segment.values.columns), rows: 0..<count,
          visibility: .masked(mask, behind: before), keyColumn: segment.keyColumn,
          valueColumn: segment.valueColumn)
      }
      return segment
    }
  }

  @Test(arguments: [AttentionPrecision.full, .rounded])
  func attention(_ precision: AttentionPrecision) {
    Self.expectSame(seeds: 1...16, "attention, \(precision)") { kernels, random in
      let keyValueHeads = random.int(1...3)
      let heads = keyValueHeads * random.int(1...4)
      let headSize = [8, 16, 24, 33, 64, 1, 96, 48, 128][random.int(0...8)]
      let rows = random.int(1...40)
      let segments = Self.segments(
        &random, rows: rows, heads: keyValueHeads, headSize: headSize)
      let output = Matrix(rows: rows, columns: heads * headSize)
      kernels.attention(
        random.matrix(rows, heads * headSize, scale: 2), rows: rows, heads: heads,
        keyValueHeads: keyValueHeads, headSize: headSize, segments: segments,
        precision: precision, into: output)
      return output.values()
    }
  }

  @Test func rowsOfActivations() {
    Self.expectSame(seeds: 1...30, "rows") { kernels, random in
      let (rows, heads, half) = (random.int(1...9), random.int(1...4), random.int(1...70))
      let size = 2 * half
      let x = random.matrix(rows, heads * size, scale: 7)
      kernels.rmsNorm(
        x, rows: rows, weight: random.matrix(1, size), epsilon: 1e-5, heads: heads, into: x)
      let angles = RotaryAngles(
        frequencies: RotaryAngles.frequencies(theta: 10_000, rotary: size), capacity: rows)
      angles.set(positions: (0..<rows).map { _ in random.int(0...5000) })
      kernels.rotate(x, rows: rows, heads: heads, headSize: size, by: angles)
      let gated = Matrix(rows: rows, columns: heads * half)
      let input = QuantizedActivations(
        rows: rows, columns: heads * half, format: .f32, kernels: kernels)
      let gateUp = random.matrix(rows, heads * size, scale: 20)
      kernels.swiglu(gateUp, rows: rows, into: input)
      gated.copyRows(0..<rows, of: input.values, to: 0)
      let sum = random.matrix(rows, heads * half)
      kernels.add(gated, rows: rows, into: sum)
      kernels.add(gated, weights: random.floats(rows), to: Array(0..<rows), 0..<rows, of: sum)
      return x.values() + gated.values() + sum.values()
    }
  }

  @Test func summaries() {
    Self.expectSame(seeds: 1...25, "summaries") { kernels, random in
      let vocabulary = random.int(9...2000)
      let logits = random.matrix(2, vocabulary, scale: Float(random.int(1...30)))
      let second = random.matrix(1, vocabulary, scale: 12)
      let summaries = kernels.summarize(
        logits,
        [
          LogitsRow(row: 0, banned: [random.int(0...vocabulary - 1)], key: random.next()),
          LogitsRow(row: 1, secondRow: 0, secondWeight: 0.3, key: random.next()),
        ], second: second, temperature: random.next() % 2 == 0 ? 0 : 0.9, seed: seed(&random),
        candidates: 6)
      return summaries.flatMap { summary in
        [Float(summary.token), summary.probability, summary.entropy, summary.logNormalizer]
          + summary.candidates.flatMap { [Float($0.token), $0.probability] }
      } + logits.row(1)
    }
  }

  private func seed(_ random: inout SeededRandom) -> UInt64 { random.next() }
}
