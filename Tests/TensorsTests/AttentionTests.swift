import Glibc
import Tensors
import Testing

@Suite struct AttentionTests {
  /// Whether query i sees key j of a segment.
  static func sees(_ segment: AttentionSegment, _ i: Int, _ j: Int) -> Bool {
    switch segment.visibility {
    case .all: true
    case .causal(let offset): j <= i + offset
    case .masked(let mask, let behind): j < behind || mask[i, j - behind]
    }
  }

  /// Attention in double precision, one head and row at a time.
  static func reference(
    _ queries: Matrix, rows: Int, column: Int, heads: Int, keyValueHeads: Int, headSize: Int,
    segments: [AttentionSegment], scale: Double
  ) -> [Double] {
    var result: [Double] = []
    for i in 0..<rows {
      let row = queries.row(i)
      for head in 0..<heads {
        let keyHead = head / (heads / keyValueHeads)
        let start = column + head * headSize
        let query = Array(row[start..<start + headSize])
        var scores: [Double] = []
        var values: [ArraySlice<Float>] = []
        for segment in segments {
          for (j, keyRow) in segment.rows.enumerated() where sees(segment, i, j) {
            let k = segment.keyColumn + keyHead * headSize
            scores.append(scale * dot(query, Array(segment.keys.row(keyRow)[k..<k + headSize])))
            let v = segment.valueColumn + keyHead * headSize
            values.append(segment.values.row(keyRow)[v..<v + headSize])
          }
        }
        let highest = scores.max() ?? 0
        let weights = scores.map { exp($0 - highest) }
        let sum = weights.reduce(0, +)
        var out = [Double](repeating: 0, count: headSize)
        for (weight, value) in zip(weights, values) {
          for (c, x) in value.enumerated() { out[c] += weight / sum * Double(x) }
        }
        result += out
      }
    }
    return result
  }

  static func randomSegment(_ random: inout SeededRandom, rows: Int, width: Int)
    -> AttentionSegment
  {
    let count = random.int(0...150)
    let first = random.int(0...3)
    let keyColumn = random.int(0...4)
    let valueColumn = random.int(0...4)
    let visibility: AttentionSegment.Visibility
    switch random.next() % 3 {
    case 0: visibility = .all
    case 1: visibility = .causal(offset: random.int(-3...count))
    default:
      let mask = AttentionMask(rows: rows, columns: count)
      for i in 0..<rows {
        for j in 0..<count { mask[i, j] = random.next() % 3 == 0 }
      }
      visibility = .masked(mask)
    }
    return AttentionSegment(
      keys: random.matrix(first + count, keyColumn + width + 1, scale: 3),
      values: random.matrix(first + count, valueColumn + width + 2), rows: first..<first + count,
      visibility: visibility, keyColumn: keyColumn, valueColumn: valueColumn)
  }

  @Test(arguments: everyKernels, [AttentionPrecision.full, .rounded])
  func segmentsMasksAndGroupsMatchDoublePrecision(
    _ kernels: Kernels, _ precision: AttentionPrecision
  ) {
    for seed in UInt64(1)...15 {
      var random = SeededRandom(seed)
      let keyValueHeads = random.int(1...3)
      let heads = keyValueHeads * random.int(1...4)
      let headSize = [8, 16, 24, 33, 64, 1, 96][random.int(0...6)]
      let rows = random.int(1...(precision == .full ? 11 : 30))
      let column = random.int(0...5)
      let queries = random.matrix(rows, column + heads * headSize, scale: 2)
      let segments = (0..<random.int(0...3)).map { _ in
        Self.randomSegment(&random, rows: rows, width: keyValueHeads * headSize)
      }
      let output = random.matrix(rows, heads * headSize)
      let scale: Float? = random.next() % 2 == 0 ? nil : 0.3
      kernels.attention(
        queries, rows: rows, queryColumn: column, heads: heads, keyValueHeads: keyValueHeads,
        headSize: headSize, segments: segments, scale: scale, precision: precision,
        into: output)
      let expected = Self.reference(
        queries, rows: rows, column: column, heads: heads, keyValueHeads: keyValueHeads,
        headSize: headSize, segments: segments,
        scale: Double(scale ?? 1 / Float(headSize).squareRoot()))
      let error = normalizedError(output.values(), expected)
      let bound = precision == .full ? 3e-6 : 2e-3
      #expect(error < bound, "seed \(seed): \(error) \(kernels.level)")
    }
  }

  /// Groups of rows that meet a text together, each with keys of its own behind it, get to the bit
  /// what they get one by one.
  @Test(arguments: everyKernels, [AttentionPrecision.full, .rounded])
  func groupsMeetASegmentTogetherAsAlone(_ kernels: Kernels, _ precision: AttentionPrecision) {
    for seed in UInt64(1)...12 {
      var random = SeededRandom(seed)
      let keyValueHeads = random.int(1...3)
      let heads = keyValueHeads * random.int(1...4)
      let headSize = [16, 24, 33, 64, 96][random.int(0...4)]
      let sizes = (0..<random.int(1...20)).map { _ in random.int(1...5) }
      let rows = sizes.reduce(0, +)
      let width = keyValueHeads * headSize
      let queries = random.matrix(rows, heads * headSize, scale: 2)
      let shared = random.matrix(random.int(1...200), 2 * width)
      let before = AttentionSegment(
        keys: shared, values: shared, rows: 0..<shared.rows, valueColumn: width)
      let own = sizes.map { Self.randomSegment(&random, rows: $0, width: width) }
      func attention(_ plan: AttentionPlan) -> [Float] {
        let output = Matrix(rows: rows, columns: heads * headSize)
        kernels.attention(
          queries, heads: heads, keyValueHeads: keyValueHeads, headSize: headSize, plan,
          precision: precision, into: output)
        return output.values()
      }
      let (alone, together) = (AttentionPlan(), AttentionPlan())
      together.addGroup(0..<rows)
      together.addSegment(before)
      var first = 0
      for (size, segment) in zip(sizes, own) {
        alone.addGroup(first..<first + size)
        alone.addSegment(before)
        alone.addSegment(segment)
        together.addSegment(segment, rows: first..<first + size)
        first += size
      }
      #expect(
        attention(together) == attention(alone), "seed \(seed), \(kernels.level), \(precision)")
    }
  }

  /// A token of large keys or values costs precision to its neighbours, not much, and a column of
  /// large values none to the others; a weight of nearly 1 costs none to the weights of other blocks.
  @Test(arguments: everyKernels)
  func roundingStandsOutliers(_ kernels: Kernels) {
    var random = SeededRandom(1)
    let (rows, size, count) = (12, 64, 300)
    let queries = random.matrix(rows, 2 * size)
    let keys = random.matrix(count, size)
    let values = random.matrix(count, size)
    keys.scaleRow(0, by: 30)
    values.scaleRow(0, by: 0.01)
    for j in 0..<count { values[j, 5] *= 1000 }
    let output = Matrix(rows: rows, columns: 2 * size)
    let segments = [AttentionSegment(keys: keys, values: values, rows: 0..<count)]
    kernels.attention(
      queries, rows: rows, heads: 2, keyValueHeads: 1, headSize: size, segments: segments,
      precision: .rounded, into: output)
    let expected = Self.reference(
      queries, rows: rows, column: 0, heads: 2, keyValueHeads: 1, headSize: size,
      segments: segments, scale: 1 / 8)
    for column in 0..<size {
      let places = (0..<2 * rows).map { $0 * size + column }
      let found = output.values()
      let error = normalizedError(places.map { found[$0] }, places.map { expected[$0] })
      #expect(error < 2e-2, "column \(column): \(error) \(kernels.level)")
    }
  }

  @Test(arguments: everyKernels)
  func rowsRoundedBeforeServeAsIfRoundedAtOnce(_ kernels: Kernels) {
    for seed in UInt64(1)...10 {
      var random = SeededRandom(seed)
      let keyValueHeads = random.int(1...3)
      let heads = keyValueHeads * random.int(1...3)
      let headSize = [16, 20, 48, 64, 96][random.int(0...4)]
      let (rows, count) = (random.int(8...20), random.int(60...300))
      let width = keyValueHeads * headSize
      let queries = random.matrix(rows, heads * headSize)
      let cache = random.matrix(count, 2 * width)
      let rounded = QuantizedKVCache(keyValueHeads: keyValueHeads, headSize: headSize)
      func attention(_ rounded: QuantizedKVCache?, _ rows: Range<Int>) -> [Float] {
        let output = Matrix(rows: queries.rows, columns: heads * headSize)
        let segment = AttentionSegment(
          keys: cache, values: cache, rows: rows, visibility: .causal(offset: count - 9),
          valueColumn: width, rounded: rounded)
        kernels.attention(
          queries, rows: queries.rows, heads: heads, keyValueHeads: keyValueHeads,
          headSize: headSize, segments: [segment], precision: .rounded, into: output)
        return output.values()
      }
      func round(_ rows: Int) {
        kernels.round(cache, rows: rows, valueColumn: width, into: rounded)
      }
      let plain = attention(nil, 0..<count)
      round(count / 2)
      #expect(attention(rounded, 0..<count) == plain, "seed \(seed), \(kernels.level)")
      round(count)
      #expect(attention(rounded, 0..<count) == plain, "seed \(seed), \(kernels.level)")
      #expect(attention(rounded, 3..<count) == attention(nil, 3..<count))
      // A segment may end within a block that was rounded.
      let end = count - 1 - random.int(0...8)
      #expect(
        attention(rounded, 0..<end) == attention(nil, 0..<end), "seed \(seed), \(kernels.level)")

      let changed = random.int(0...count - 1)
      cache.scaleRow(changed, by: -1.5)
      rounded.forget(from: changed)
      round(count)
      #expect(
        attention(rounded, 0..<count) == attention(nil, 0..<count), "seed \(seed), row \(changed)")
    }
  }

  /// Masks that show each of many rows few keys, or all but one row few.
  @Test(arguments: everyKernels)
  func sparseMasksMatchDoublePrecision(_ kernels: Kernels) {
    for seed in UInt64(1)...8 {
      var random = SeededRandom(seed)
      let (rows, count, headSize) = (random.int(8...40), random.int(20...140), 64)
      let queries = random.matrix(rows, 3 * headSize)
      let keys = random.matrix(count, 2 * headSize)
      let mask = AttentionMask(rows: rows, columns: count)
      for row in 0..<rows {
        for _ in 0..<random.int(0...16) { mask[row, random.int(0...count - 1)] = true }
      }
      if seed % 2 == 0 {
        for column in 0..<min(count, 17) { mask[rows - 1, column] = true }
      }
      let segments = [
        AttentionSegment(
          keys: keys, values: keys, rows: 0..<count, visibility: .masked(mask),
          valueColumn: headSize)
      ]
      let output = random.matrix(rows, 3 * headSize)
      kernels.attention(
        queries, rows: rows, heads: 3, keyValueHeads: 1, headSize: headSize, segments: segments,
        precision: .rounded, into: output)
      let expected = Self.reference(
        queries, rows: rows, column: 0, heads: 3, keyValueHeads: 1, headSize: headSize,
        segments: segments, scale: 1 / 8)
      let error = normalizedError(output.values(), expected)
      #expect(error < 2e-3, "seed \(seed): \(error), \(kernels.level)")
    }
  }

  @Test(arguments: everyKernels)
  func aRowThatSeesNothingIsZero(_ kernels: Kernels) {
    var random = SeededRandom(1)
    let queries = random.matrix(3, 16)
    let keys = random.matrix(5, 8)
    let output = random.matrix(3, 16)
    kernels.attention(
      queries, rows: 3, heads: 2, keyValueHeads: 1, headSize: 8,
      segments: [
        AttentionSegment(keys: keys, values: keys, rows: 0..<5, visibility: .causal(offset: -2))
      ], into: output)
    #expect(output.row(0) + output.row(1) == [Float](repeating: 0, count: 32))
    #expect(output.row(2) == keys.row(0) + keys.row(0))
  }

  @Test(arguments: everyKernels)
  func largeScoresDoNotOverflow(_ kernels: Kernels) {
    var random = SeededRandom(1)
    let queries = random.matrix(2, 8, scale: 100)
    let keys = random.matrix(200, 8, scale: 100)
    let output = Matrix(rows: 2, columns: 8)
    let segments = [AttentionSegment(keys: keys, values: keys, rows: 0..<200)]
    kernels.attention(
      queries, rows: 2, heads: 1, keyValueHeads: 1, headSize: 8, segments: segments, into: output)
    let expected = Self.reference(
      queries, rows: 2, column: 0, heads: 1, keyValueHeads: 1, headSize: 8, segments: segments,
      scale: 1 / 8.0.squareRoot())
    #expect(normalizedError(output.values(), expected) < 1e-3)
  }
}
