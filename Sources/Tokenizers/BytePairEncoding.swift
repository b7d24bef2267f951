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
    var queue = CandidateQueue()
    for index in 1..<symbols.count {
      if let pair = merge(symbols[index - 1], symbols[index]) { queue.append(pair, at: index - 1) }
    }
    queue.arrange()
    while let candidate = queue.pop() {
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
        if let pair = merge(symbols[place], symbols[next[place]]) { queue.push(pair, at: place) }
      }
      if previous[place] >= 0,
        let pair = merge(symbols[previous[place]], symbols[place])
      {
        queue.push(pair, at: previous[place])
      }
    }
    for symbol in symbols where symbol >= 0 { output.append(Int(symbol)) }
  }
}

/// A binary heap, lowest rank and then leftmost place first.
private struct CandidateQueue {
  struct Candidate {
    /// Rank in the high half, place in the low half.
    let order: UInt64
    let result: Int32

    var place: Int { Int(truncatingIfNeeded: order & 0xFFFF_FFFF) }
    var rank: Int32 { Int32(truncatingIfNeeded: order >> 32) }
  }

  private var heap: [Candidate] = []

  /// Adds without keeping the order; `arrange` restores it.
  mutating func append(_ pair: BytePairEncoding.Merge, at place: Int) {
    let order = UInt64(UInt32(bitPattern: pair.rank)) << 32 | UInt64(place)
    heap.append(Candidate(order: order, result: pair.result))
  }

  mutating func arrange() {
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  mutating func push(_ pair: BytePairEncoding.Merge, at place: Int) {
    append(pair, at: place)
    var index = heap.count - 1
    while index > 0, heap[index].order < heap[(index - 1) / 2].order {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func pop() -> Candidate? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink(0)
    }
    return first
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      let left = 2 * index + 1
      let right = left + 1
      var least = index
      if left < heap.count, heap[left].order < heap[least].order { least = left }
      if right < heap.count, heap[right].order < heap[least].order { least = right }
      if least == index { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
