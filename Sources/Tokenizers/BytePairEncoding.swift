internal import HeapModule

/// Merges of byte-pair encoding (Sennrich et al. 2016): adjacent symbols are joined, the pair of
/// lowest rank first, of equals the leftmost, until no pair is in the table.
struct BytePairEncoding: Sendable {
  struct Merge: Sendable {
    let rank: Int32
    let result: Int32
  }

  private var merges: [UInt64: Merge] = [:]

  init(capacity: Int) { merges.reserveCapacity(capacity) }

  /// Adds a merge; a pair that exists takes the new rank.
  mutating func add(_ left: Int, _ right: Int, result: Int, rank: Int) {
    merges[Self.key(Int32(left), Int32(right))] = Merge(
      rank: Int32(clamping: rank), result: Int32(result))
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  private func merge(_ left: Int32, _ right: Int32) -> Merge? {
    merges[Self.key(left, right)]
  }

  /// Merges `symbols` and appends what is left to `output`. O(n log n) in their number.
  func merge(_ symbols: inout [Int32], into output: inout [Int]) {
    if symbols.count <= 24 {
      mergeFew(&symbols)
      for symbol in symbols { output.append(Int(symbol)) }
    } else {
      mergeMany(symbols, into: &output)
    }
  }

  /// Looks at all pairs for every merge: quadratic, and the fastest for words.
  private func mergeFew(_ symbols: inout [Int32]) {
    guard symbols.count > 1 else { return }
    var pairs: [Merge?] = []
    pairs.reserveCapacity(symbols.count)
    for index in 1..<symbols.count { pairs.append(merge(symbols[index - 1], symbols[index])) }
    while true {
      var best = -1
      var bestRank = Int32.max
      for (index, pair) in pairs.enumerated() {
        if let pair, pair.rank < bestRank || best < 0 {
          best = index
          bestRank = pair.rank
        }
      }
      guard best >= 0, let pair = pairs[best] else { return }
      symbols[best] = pair.result
      symbols.remove(at: best + 1)
      pairs.remove(at: best)
      if best > 0 { pairs[best - 1] = merge(symbols[best - 1], symbols[best]) }
      if best < pairs.count { pairs[best] = merge(symbols[best], symbols[best + 1]) }
    }
  }

  /// A heap of candidate pairs over a linked list of symbols. A candidate is stale when its place
  /// no longer holds the pair it was made for.
  private func mergeMany(_ source: [Int32], into output: inout [Int]) {
    var symbols = source
    var previous = Array(-1..<(source.count - 1))
    var next = Array(1...source.count)
    var queue = Heap(
      (1..<symbols.count).compactMap { index in
        merge(symbols[index - 1], symbols[index]).map { Candidate($0, at: index - 1) }
      })
    while let candidate = queue.popMin() {
      let place = candidate.place
      guard symbols[place] >= 0, next[place] < symbols.count,
        let pair = merge(symbols[place], symbols[next[place]]),
        pair.result == candidate.result, pair.rank == candidate.rank
      else { continue }
      let right = next[place]
      symbols[place] = pair.result
      symbols[right] = -1
      next[place] = next[right]
      if next[place] < symbols.count {
        previous[next[place]] = place
        if let pair = merge(symbols[place], symbols[next[place]]) {
          queue.insert(Candidate(pair, at: place))
        }
      }
      if previous[place] >= 0,
        let pair = merge(symbols[previous[place]], symbols[place])
      {
        queue.insert(Candidate(pair, at: previous[place]))
      }
    }
    for symbol in symbols where symbol >= 0 { output.append(Int(symbol)) }
  }
}

/// A pair that may be merged. Of lower rank comes first, then further left.
private struct Candidate: Comparable {
  /// Rank in the high half, place in the low half.
  let order: UInt64
  let result: Int32

  init(_ merge: BytePairEncoding.Merge, at place: Int) {
    order = UInt64(UInt32(bitPattern: merge.rank)) << 32 | UInt64(place)
    result = merge.result
  }

  var place: Int { Int(truncatingIfNeeded: order & 0xFFFF_FFFF) }
  var rank: Int32 { Int32(truncatingIfNeeded: order >> 32) }

  static func < (a: Candidate, b: Candidate) -> Bool { a.order < b.order }
}
