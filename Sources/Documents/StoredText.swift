internal import Synchronization

/// Bytes outside of memory that never change and are read on demand.
public protocol StoredBytes: Sendable {
  var count: Int { get }
  /// The bytes of `range`, exactly as many. Called from any thread, also for the same range again.
  func read(_ range: Range<Int>) -> [UInt8]
}

/// Stored bytes, read block by block, with the latest few blocks cached. Texts made from it share
/// it.
public final class StoredText: Sendable {
  private let source: any StoredBytes
  private let blockSize: Int
  /// Line feeds of each block; negative if not counted yet.
  private let counts: Mutex<[Int32]>
  /// The block read last, for each remainder of its number.
  private let latest: Mutex<[(number: Int, bytes: [UInt8])]>

  static let blocksAtHand = 32

  public convenience init(_ source: some StoredBytes) {
    self.init(source, blockSize: 1 << 16)
  }

  /// `blockSize` is for tests that want many blocks.
  package init(_ source: some StoredBytes, blockSize: Int) {
    precondition(blockSize > 0, "block size \(blockSize)")
    self.source = source
    self.blockSize = blockSize
    let blocks = (source.count + blockSize - 1) / blockSize
    counts = Mutex(Array(repeating: -1, count: blocks))
    latest = Mutex(
      Array(repeating: (-1, []), count: min(max(1, blocks), StoredText.blocksAtHand)))
  }

  public var count: Int { source.count }

  /// Each block with its place.
  var blocks: some Sequence<Range<Int>> {
    stride(from: 0, to: count, by: blockSize).lazy.map { [self] in blockRange($0 / blockSize) }
  }

  private func blockRange(_ number: Int) -> Range<Int> {
    number * blockSize..<min((number + 1) * blockSize, count)
  }

  /// The bytes of a range within one block.
  func bytes(in range: Range<Int>) -> ArraySlice<UInt8> {
    guard !range.isEmpty else { return [] }
    let number = range.lowerBound / blockSize
    let start = number * blockSize
    let block = block(number)
    return block[range.lowerBound - start..<range.upperBound - start]
  }

  private func block(_ number: Int) -> [UInt8] {
    let found = latest.withLock { latest -> [UInt8]? in
      let slot = latest[number % latest.count]
      return slot.number == number ? slot.bytes : nil
    }
    if let found { return found }
    let bytes = source.read(blockRange(number))
    latest.withLock { $0[number % $0.count] = (number, bytes) }
    return bytes
  }

  /// Line feeds in a range within one block. O(1) for a block that has been counted.
  func newlines(in range: Range<Int>) -> Int {
    guard !range.isEmpty else { return 0 }
    let number = range.lowerBound / blockSize
    guard range == blockRange(number) else { return bytes(in: range).newlineCount }
    let known = counts.withLock { $0[number] }
    if known >= 0 { return Int(known) }
    return count(number, source.read(range)[...])
  }

  private func count(_ number: Int, _ bytes: ArraySlice<UInt8>) -> Int {
    let newlines = bytes.newlineCount
    counts.withLock { $0[number] = Int32(newlines) }
    return newlines
  }

  /// Reads all bytes once and counts their lines, so that `Text.takeLineCounts` need not. `body`
  /// gets the bytes in order, and ends the work by returning false. Returns whether it reached the
  /// end. Blocks; call it from a background thread. O(n).
  public func countLines(_ body: (ArraySlice<UInt8>) -> Bool = { _ in true }) -> Bool {
    for range in blocks {
      let bytes = source.read(range)[...]
      _ = count(range.lowerBound / blockSize, bytes)
      guard body(bytes) else { return false }
    }
    return true
  }
}

extension ArraySlice<UInt8> {
  /// Line feeds. O(n).
  var newlineCount: Int {
    unsafe withUnsafeBytes { bytes in
      let (low, ones): (UInt64, UInt64) = (0x7F7F_7F7F_7F7F_7F7F, 0x0101_0101_0101_0101)
      let feeds = ones &* UInt64(UInt8(ascii: "\n"))
      var total = 0
      var index = 0
      while index &+ 8 <= bytes.count {
        // Eight sums of a byte each, as many words as they can count.
        let words = Swift.min(255, (bytes.count &- index) / 8)
        var sums: UInt64 = 0
        for _ in 0..<words {
          let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ feeds
          // The high bit of each byte that is zero.
          let isFeed = ~(((word & low) &+ low) | word | low)
          sums &+= isFeed &>> 7
          index &+= 8
        }
        let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ ((sums &>> 8) & 0x00FF_00FF_00FF_00FF)
        total &+= Int((pairs &* 0x0001_0001_0001_0001) &>> 48)
      }
      while index < bytes.count {
        if unsafe bytes[index] == UInt8(ascii: "\n") { total &+= 1 }
        index &+= 1
      }
      return total
    }
  }
}
