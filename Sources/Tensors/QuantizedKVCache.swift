internal import CKernels

/// The keys and values of a cache rounded for attention, by blocks, so that a block is rounded once
/// and not in every pass that sees it. Takes half the memory of the keys and values.
///
/// A reference type, confined with its cache to one engine.
@safe public final class QuantizedKVCache {
  let keyValueHeads: Int
  let headSize: Int
  /// Whole blocks held, of the first rows.
  fileprivate var blocks = 0
  /// Rows after which the block after them ends, where one that is not whole is held.
  fileprivate var tail = 0
  fileprivate var storage = AlignedBuffer(byteCount: 0)

  public init(keyValueHeads: Int, headSize: Int) {
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
  }

  /// Forgets rows from `row` on: they may change.
  public func forget(from row: Int) {
    blocks = min(blocks, row / blockRows)
    if tail > row { tail = 0 }
  }

  /// How many of the blocks held serve a segment of the first `rows` rows.
  func blocks(of rows: Int) -> Int {
    let whole = rows / blockRows
    return min(blocks, whole) + (blocks == whole && tail == rows && tail > 0 ? 1 : 0)
  }

  var pointer: UnsafeMutablePointer<UInt8> { unsafe storage.pointer(to: UInt8.self) }

  /// Bytes of a block of all heads.
  private var blockBytes: Int {
    let headBytes = blockRows * 4 * headSize + blockRows * 4 + headSize * 4
    return keyValueHeads * headBytes
  }

  /// Makes room for `capacity` blocks, keeping those held.
  fileprivate func reserve(_ capacity: Int) {
    guard storage.byteCount < capacity * blockBytes else { return }
    let grown = AlignedBuffer(byteCount: capacity * blockBytes)
    unsafe grown.bytes.copyMemory(
      from: UnsafeRawBufferPointer(rebasing: storage.bytes[..<(blocks * blockBytes)]))
    storage = grown
  }
}

/// Rows of a block.
private let blockRows = Int(CK_ROUNDED_KEYS)

extension Kernels {
  /// Rounds the whole blocks of the first `rows` rows of a cache that are not rounded yet, keys
  /// from column 0 and values from `valueColumn` on, and what follows them where `tail` is true:
  /// that serves a segment of exactly these rows. Does nothing where attention of this head size
  /// rounds nothing.
  public func round(
    _ keyValue: Matrix, rows: Int, valueColumn: Int, into rounded: QuantizedKVCache,
    tail: Bool = false
  ) {
    guard rounded.headSize.isMultiple(of: 16), rounded.headSize <= 256 else { return }
    let whole = rows / blockRows
    var first = rounded.blocks
    var end = max(first, whole)
    let makesTail = tail && !rows.isMultiple(of: blockRows) && rounded.blocks(of: rows) <= whole
    if makesTail {
      first = min(first, whole)
      end = whole + 1
    }
    guard first < end else { return }
    rounded.reserve((keyValue.rows + blockRows - 1) / blockRows)
    let segment = AttentionSegment(
      keys: keyValue, values: keyValue, rows: 0..<rows, valueColumn: valueColumn)
    let heads = rounded.keyValueHeads
    pool.run(
      unsafe Rounding(
        function: table.pointee.round_keys!,
        segment: segment.part(rows: 0..<0, heads: heads, size: rounded.headSize),
        heads: heads, headSize: rounded.headSize, first: first, target: rounded.pointer),
      chunks: (end - first) * heads)
    rounded.blocks = makesTail ? whole : end
    rounded.tail = makesTail ? rows : 0
  }
}

/// Blocks of heads as the C kernels take them.
///
/// Unchecked: a chunk writes the blocks of its own heads; the cache that owns the memory outlives
/// the run.
@safe private struct Rounding: ChunkedWork, @unchecked Sendable {
  let function: ck_round_keys_function
  let segment: ck_segment
  let heads: Int
  let headSize: Int
  let first: Int
  let target: UnsafeMutablePointer<UInt8>

  func run(chunk: Int) {
    unsafe withUnsafePointer(to: segment) {
      unsafe function($0, heads, headSize, chunk % heads, first + chunk / heads, target)
    }
  }
}
