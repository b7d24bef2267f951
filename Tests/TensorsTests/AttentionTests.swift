import Glibc
import Tensors
import Testing

@Suite struct AttentionTests {
  /// Whether query i sees key j of a segment.
  static func sees(_ segment: AttentionSegment, _ i: Int, _ j: Int) -> Bool {
    switch segment.visibility {
    case .all: true
    case .causal(let offset): j <= i + offset
    case .masked(let mask): mask[i, j]
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

  @Test(arguments: everyKernels)
  func segmentsMasksAndGroupsMatchDoublePrecision(_ kernels: Kernels) {
    for seed in UInt64(1)...15 {
      var random = SeededRandom(seed)
      let keyValueHeads = random.int(1...3)
      let heads = keyValueHeads * random.int(1...4)
      let headSize = [8, 16, 24, 33, 64, 1][random.int(0...5)]
      let rows = random.int(1...11)
      let column = random.int(0...5)
      let queries = random.matrix(rows, column + heads * headSize, scale: 2)
      let segments = (0..<random.int(0...3)).map { _ in
        Self.randomSegment(&random, rows: rows, width: keyValueHeads * headSize)
      }
      let output = random.matrix(rows, heads * headSize)
      let scale: Float? = random.next() % 2 == 0 ? nil : 0.3
      kernels.attention(
        queries, rows: rows, queryColumn: column, heads: heads, keyValueHeads: keyValueHeads,
        headSize: headSize, segments: segments, scale: scale, into: output)
      let expected = Self.reference(
        queries, rows: rows, column: column, heads: heads, keyValueHeads: keyValueHeads,
        headSize: headSize, segments: segments,
        scale: Double(scale ?? 1 / Float(headSize).squareRoot()))
      let error = normalizedError(output.values(), expected)
      #expect(error < 3e-6, "seed \(seed): \(error) \(kernels.level)")
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
