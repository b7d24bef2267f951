internal import _RopeModule

/// A leaf of the rope: some bytes and how many of them are line feeds. The bytes are a slice, so
/// the leaves of a freshly loaded file share its one array; an edited leaf owns a small array of
/// its own.
struct Chunk: Sendable {
  private(set) var bytes: ArraySlice<UInt8>
  private(set) var newlines: Int
  /// Most bytes a leaf may hold; a leaf is undersized below half of it. Production text uses
  /// `Text.chunkLimit`, tests use a handful of bytes.
  private(set) var limit: Int

  init(_ bytes: ArraySlice<UInt8>, limit: Int) {
    self.bytes = bytes
    self.newlines = Chunk.countNewlines(bytes)
    self.limit = limit
  }

  var count: Int { bytes.count }

  /// The chunk with `range`, counted from its start, replaced. O(limit).
  func replacing(_ range: Range<Int>, with replacement: ArraySlice<UInt8>) -> Chunk {
    var result: [UInt8] = []
    result.reserveCapacity(limit)
    result += bytes.prefix(range.lowerBound)
    result += replacement
    result += bytes.dropFirst(range.upperBound)
    return Chunk(result[...], limit: limit)
  }

  /// Line feeds among the first `count` bytes. O(count).
  func newlines(inFirst count: Int) -> Int {
    Chunk.countNewlines(bytes.prefix(count))
  }

  /// Offset just after the `ordinal`-th line feed, counted from 1; 0 gives 0. O(limit).
  func offset(afterNewline ordinal: Int) -> Int {
    guard ordinal > 0 else { return 0 }
    var left = ordinal
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      left -= 1
      if left == 0 { return index - bytes.startIndex + 1 }
    }
    preconditionFailure("chunk holds \(newlines) line feeds, asked for number \(ordinal)")
  }

  private static func countNewlines(_ bytes: ArraySlice<UInt8>) -> Int {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var count = 0
      for index in 0..<buffer.count where unsafe buffer[index] == UInt8(ascii: "\n") {
        count &+= 1
      }
      return count
    }
  }
}

extension Chunk: RopeElement {
  struct Summary: RopeSummary {
    var bytes: Int
    var newlines: Int

    static var maxNodeSize: Int { 15 }
    static var zero: Summary { Summary(bytes: 0, newlines: 0) }
    var isZero: Bool { bytes == 0 }

    mutating func add(_ other: Summary) {
      bytes += other.bytes
      newlines += other.newlines
    }

    mutating func subtract(_ other: Summary) {
      bytes -= other.bytes
      newlines -= other.newlines
    }
  }

  var summary: Summary { Summary(bytes: bytes.count, newlines: newlines) }
  var isEmpty: Bool { bytes.isEmpty }
  var isUndersized: Bool { bytes.count < limit / 2 }

  func invariantCheck() {
    precondition(bytes.count <= limit, "chunk of \(bytes.count) bytes exceeds \(limit)")
  }

  mutating func rebalance(nextNeighbor right: inout Chunk) -> Bool {
    let total = count + right.count
    let kept = total <= limit ? total : (total + 1) / 2
    if kept == count { return right.isEmpty }
    let all = Array(bytes) + Array(right.bytes)
    self = Chunk(all[..<kept], limit: limit)
    right = Chunk(all[kept...], limit: limit)
    return right.isEmpty
  }

  mutating func split(at index: Int) -> Chunk {
    let tail = Chunk(bytes.dropFirst(index), limit: limit)
    bytes = bytes.prefix(index)
    newlines -= tail.newlines
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
