import Tensors
import Testing

/// What a row gives does not depend on the rows that run beside it.
@Suite struct RowIndependenceTests {
  @Test(arguments: everyKernels, LinearWeights.Format.allCases)
  func productsOfSomeRowsAreThoseOfAll(_ kernels: Kernels, _ format: LinearWeights.Format) {
    guard kernels.level != .openblas else { return }
    for seed in UInt64(1)...6 {
      var random = SeededRandom(seed)
      let (rows, columns, outputs) = (random.int(2...40), random.int(1...200), random.int(1...80))
      let x = random.matrix(rows, columns)
      let weights = LinearWeights(
        Tensor(random.floats(outputs * columns), shape: [outputs, columns]), format: format,
        kernels: kernels)
      func product(_ range: Range<Int>) -> [Float] {
        let y = Matrix(rows: range.count, columns: outputs)
        kernels.linear(x, from: range.lowerBound, rows: range.count, weights, into: y)
        return y.values()
      }
      let all = product(0..<rows)
      for count in 1...rows {
        let first = random.int(0...rows - count)
        let expected = Array(all[first * outputs..<(first + count) * outputs])
        #expect(
          product(first..<first + count) == expected,
          "seed \(seed), \(kernels.level): \(count) rows from \(first) of \(rows)")
      }
    }
  }

  /// Visibility as the rows from `first` on see it.
  private static func shifted(
    _ segment: AttentionSegment, by first: Int, rows: Int
  ) -> AttentionSegment {
    var segment = segment
    switch segment.visibility {
    case .all: break
    case .causal(let offset): segment.visibility = .causal(offset: offset + first)
    case .masked(let mask, let behind):
      let part = AttentionMask(rows: rows, columns: mask.columns)
      for row in 0..<rows {
        for column in 0..<mask.columns { part[row, column] = mask[first + row, column] }
      }
      segment.visibility = .masked(part, behind: behind)
    }
    return segment
  }

  @Test(arguments: everyKernels, [AttentionPrecision.full, .rounded])
  func attentionOfSomeRowsIsThatOfAll(_ kernels: Kernels, _ precision: AttentionPrecision) {
    for seed in UInt64(1)...12 {
      var random = SeededRandom(seed)
      let keyValueHeads = random.int(1...2)
      let heads = keyValueHeads * random.int(1...4)
      let headSize = [16, 24, 64, 33][random.int(0...3)]
      let rows = random.int(2...30)
      let queries = random.matrix(rows, heads * headSize, scale: 2)
      let segments = (0..<random.int(1...2)).map { _ in
        AttentionTests.randomSegment(&random, rows: rows, width: keyValueHeads * headSize)
      }
      func attention(_ range: Range<Int>) -> [Float] {
        let own = Matrix(rows: range.count, columns: heads * headSize)
        own.copyRows(range, of: queries, to: 0)
        let output = Matrix(rows: range.count, columns: heads * headSize)
        kernels.attention(
          own, rows: range.count, heads: heads, keyValueHeads: keyValueHeads, headSize: headSize,
          segments: segments.map {
            Self.shifted($0, by: range.lowerBound, rows: range.count)
          }, precision: precision, into: output)
        return output.values()
      }
      let all = attention(0..<rows)
      for count in [1, 2, 3, rows / 2, rows - 1] where (1..<rows).contains(count) {
        let first = random.int(0...rows - count)
        let width = heads * headSize
        #expect(
          attention(first..<first + count) == Array(all[first * width..<(first + count) * width]),
          "seed \(seed), \(kernels.level): \(count) rows from \(first) of \(rows)")
      }
    }
  }

  /// Text that is read on: keys behind a row change nothing for it, however they came.
  @Test(arguments: everyKernels, [AttentionPrecision.full, .rounded])
  func rowsOfCausalTextAreThoseReadAlone(_ kernels: Kernels, _ precision: AttentionPrecision) {
    for seed in UInt64(1)...6 {
      var random = SeededRandom(seed)
      let keyValueHeads = random.int(1...2)
      let heads = keyValueHeads * random.int(1...3)
      let (headSize, count) = ([16, 48, 64][random.int(0...2)], random.int(60...200))
      let (width, queryWidth) = (keyValueHeads * headSize, heads * headSize)
      let queries = random.matrix(count, queryWidth)
      let cache = random.matrix(count, 2 * width)
      func read(_ rows: Range<Int>, rounded: QuantizedKVCache?) -> [Float] {
        let own = Matrix(rows: rows.count, columns: queryWidth)
        own.copyRows(rows, of: queries, to: 0)
        if let rounded {
          kernels.round(cache, rows: rows.upperBound, valueColumn: width, into: rounded)
        }
        let output = Matrix(rows: rows.count, columns: queryWidth)
        kernels.attention(
          own, rows: rows.count, heads: heads, keyValueHeads: keyValueHeads, headSize: headSize,
          segments: [
            AttentionSegment(
              keys: cache, values: cache, rows: 0..<rows.upperBound,
              visibility: .causal(offset: rows.lowerBound), valueColumn: width, rounded: rounded)
          ], precision: precision, into: output)
        return output.values()
      }
      let all = read(0..<count, rounded: nil)
      let rounded = QuantizedKVCache(keyValueHeads: keyValueHeads, headSize: headSize)
      var parts: [Float] = []
      var row = 0
      while row < count {
        let next = min(count, row + [1, 1, 2, 7, 8, 40][random.int(0...5)])
        parts += read(row..<next, rounded: rounded)
        row = next
      }
      let place = zip(parts, all).enumerated().first { $1.0 != $1.1 }?.offset
      #expect(
        parts == all,
        "seed \(seed), \(kernels.level): row \((place ?? 0) / queryWidth) of \(count) differs")
    }
  }

  /// A mask's row is the same wherever the keys that it sees stand among others.
  @Test(arguments: everyKernels, [AttentionPrecision.full, .rounded])
  func hiddenKeysChangeNothing(_ kernels: Kernels, _ precision: AttentionPrecision) {
    for seed in UInt64(1)...8 {
      var random = SeededRandom(seed)
      let (rows, count, headSize) = (random.int(1...12), random.int(1...120), 64)
      let queries = random.matrix(rows, 3 * headSize)
      let keys = random.matrix(count, 2 * headSize)
      let shown = (0..<count).filter { _ in random.next() % 3 != 0 }
      func attention(_ keys: Matrix, _ count: Int, _ shown: [Int]) -> [Float] {
        let mask = AttentionMask(rows: rows, columns: count)
        for row in 0..<rows { for column in shown { mask[row, column] = true } }
        let output = Matrix(rows: rows, columns: 3 * headSize)
        kernels.attention(
          queries, rows: rows, heads: 3, keyValueHeads: 1, headSize: headSize,
          segments: [
            AttentionSegment(
              keys: keys, values: keys, rows: 0..<count, visibility: .masked(mask),
              valueColumn: headSize)
          ], precision: precision, into: output)
        return output.values()
      }
      // Rows that see all of a segment see a run, which is rounded by blocks: one more key is hidden.
      let alone = Matrix(rows: shown.count + 1, columns: 2 * headSize)
      alone.gather(shown + [0], of: keys)
      let start = random.int(0...2)
      let spread = Matrix(rows: count + start, columns: 2 * headSize)
      spread.copyRows(0..<count, of: keys, to: start)
      if shown.count < 64 {
        #expect(
          attention(alone, shown.count + 1, Array(shown.indices))
            == attention(spread, count + start, shown.map { $0 + start }),
          "seed \(seed), \(kernels.level)")
      }
    }
  }
}
