internal import _RopeModule

/// A leaf of the rope: some bytes and how many of them are line feeds. The bytes are a slice, so
/// the leaves of a freshly loaded text share one array, or are read from where they are stored; an
/// edited leaf owns a small array.
struct Chunk: Sendable {
  private enum Place {
    case memory(ArraySlice<UInt8>)
    /// Within one block.
    case stored(StoredText, Range<Int>)
  }

  private var place: Place
  /// Line feeds; nil for stored bytes that are not counted yet.
  private(set) var newlines: Int?
  /// Most bytes a leaf in memory may hold; a leaf is undersized below half of it. Production text
  /// uses `Text.chunkLimit`, tests use a handful of bytes.
  let limit: Int

  init(_ bytes: ArraySlice<UInt8>, limit: Int) {
    place = .memory(bytes)
    newlines = bytes.newlineCount
    self.limit = limit
  }

  /// Bytes of `text` within one block of it.
  init(_ text: StoredText, _ range: Range<Int>, limit: Int) {
    place = .stored(text, range)
    self.limit = limit
  }

  var count: Int {
    switch place {
    case .memory(let bytes): bytes.count
    case .stored(_, let range): range.count
    }
  }

  /// O(1); for stored bytes O(block) when the block is not cached.
  var bytes: ArraySlice<UInt8> {
    switch place {
    case .memory(let bytes): bytes
    case .stored(let text, let range): text.bytes(in: range)
    }
  }

  var isInMemory: Bool {
    if case .memory = place { true } else { false }
  }

  /// Line feeds, counted if they were not before.
  var countedNewlines: Int {
    if let newlines { return newlines }
    guard case .stored(let text, let range) = place else { return 0 }
    return text.newlines(in: range)
  }

  /// The same with its line feeds counted.
  var counted: Chunk {
    var result = self
    result.newlines = countedNewlines
    return result
  }

  /// The chunk with `range`, counted from its start, replaced. O(limit).
  func replacing(_ range: Range<Int>, with replacement: ArraySlice<UInt8>) -> Chunk {
    let bytes = bytes
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count - range.count + replacement.count)
    result += bytes.prefix(range.lowerBound)
    result += replacement
    result += bytes.dropFirst(range.upperBound)
    return Chunk(result[...], limit: limit)
  }

  /// Line feeds among the first `count` bytes. O(count).
  func newlines(inFirst count: Int) -> Int { bytes.prefix(count).newlineCount }

  /// Offset just after the `ordinal`-th line feed, counted from 1; 0 gives 0. O(count).
  func offset(afterNewline ordinal: Int) -> Int {
    guard ordinal > 0 else { return 0 }
    var left = ordinal
    let bytes = bytes
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      left -= 1
      if left == 0 { return index - bytes.startIndex + 1 }
    }
    preconditionFailure("chunk holds \(countedNewlines) line feeds, asked for number \(ordinal)")
  }

  /// The bytes of a part, stored ones not read.
  private func part(_ range: Range<Int>) -> Chunk {
    switch place {
    case .memory(let bytes):
      return Chunk(bytes.dropFirst(range.lowerBound).prefix(range.count), limit: limit)
    case .stored(let text, let whole):
      let start = whole.lowerBound + range.lowerBound
      var result = Chunk(text, start..<start + range.count, limit: limit)
      if newlines != nil { result = result.counted }
      return result
    }
  }
}

extension Chunk: RopeElement {
  struct Summary: RopeSummary {
    var bytes: Int
    /// Of the leaves that are counted.
    var newlines: Int
    /// Leaves that are not.
    var uncounted: Int

    static var maxNodeSize: Int { 15 }
    static var zero: Summary { Summary(bytes: 0, newlines: 0, uncounted: 0) }
    var isZero: Bool { bytes == 0 }

    mutating func add(_ other: Summary) {
      bytes += other.bytes
      newlines += other.newlines
      uncounted += other.uncounted
    }

    mutating func subtract(_ other: Summary) {
      bytes -= other.bytes
      newlines -= other.newlines
      uncounted -= other.uncounted
    }
  }

  var summary: Summary {
    Summary(bytes: count, newlines: newlines ?? 0, uncounted: newlines == nil ? 1 : 0)
  }
  var isEmpty: Bool { count == 0 }
  var isUndersized: Bool { count < limit / 2 }

  func invariantCheck() {
    precondition(!isInMemory || count <= limit, "chunk of \(count) bytes exceeds \(limit)")
  }

  /// Bytes go over into memory here, and of a large neighbour no more than are needed.
  mutating func rebalance(nextNeighbor right: inout Chunk) -> Bool {
    let total = count + right.count
    let enough = limit - limit / 4
    let kept =
      if total <= limit {
        total
      } else if total <= 2 * limit {
        (total + 1) / 2
      } else {
        count < right.count ? max(count, enough) : min(count, total - enough)
      }
    if kept == count { return right.isEmpty }
    if kept > count {
      let moved = kept - count
      let all = Array(bytes) + right.bytes.prefix(moved)
      self = Chunk(all[...], limit: limit)
      right = right.part(moved..<right.count)
    } else {
      let all = Array(bytes.dropFirst(kept)) + right.bytes
      right = Chunk(all[...], limit: limit)
      self = part(0..<kept)
    }
    return right.isEmpty
  }

  mutating func split(at index: Int) -> Chunk {
    let tail = part(index..<count)
    self = part(0..<index)
    return tail
  }
}

struct ByteMetric: RopeMetric {
  func size(of summary: Chunk.Summary) -> Int { summary.bytes }
  func index(at offset: Int, in element: Chunk) -> Int { offset }
}

struct NewlineMetric: RopeMetric {
  func size(of summary: Chunk.Summary) -> Int { summary.newlines }
  func index(at offset: Int, in element: Chunk) -> Int { element.offset(afterNewline: offset) }
}

struct UncountedMetric: RopeMetric {
  func size(of summary: Chunk.Summary) -> Int { summary.uncounted }
  /// Leaves are counted as a whole.
  func index(at offset: Int, in element: Chunk) -> Int { offset == 0 ? 0 : element.count }
}
