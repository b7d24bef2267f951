internal import CKernels

/// The keys and values of a cache rounded for attention, by blocks, so that a block is rounded once
/// and not in every pass that sees it. Takes half the memory of the keys and values.
///
/// A reference type, confined with its cache to one engine.
@safe public final class RoundedKeyValues {
  let keyValueHeads: Int
  let headSize: Int
  /// Blocks held, of the first rows.
  fileprivate(set) var blocks = 0
  fileprivate var storage = AlignedBuffer(byteCount: 0)

  public init(keyValueHeads: Int, headSize: Int) {
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
  }

  /// Forgets rows from `row` on: they may change.
  public func forget(from row: Int) {
    blocks = min(blocks, row / blockRows)
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
  /// Rounds the whole blocks of the first `rows` rows of a cache that are not rounded yet, keys from
  /// column 0 and values from `valueColumn` on. Does nothing where attention of this level and head
  /// size rounds nothing.
  public func round(
    _ keyValue: Matrix, rows: Int, valueColumn: Int, into rounded: RoundedKeyValues
  ) {
    let first = rounded.blocks
    let added = rows / blockRows - first
    guard added > 0, let function = unsafe table.pointee.round_keys,
      rounded.headSize.isMultiple(of: 16), rounded.headSize <= 256
    else { return }
    rounded.reserve(keyValue.rows / blockRows)
    let segment = AttentionSegment(
      keys: keyValue, values: keyValue, rows: 0..<rows, valueColumn: valueColumn)
    let heads = rounded.keyValueHeads
    pool.run(
      unsafe Rounding(
        function: function, segment: segment.part(rows: 0, heads: heads, size: rounded.headSize),
        heads: heads, headSize: rounded.headSize, first: first, target: rounded.pointer),
      chunks: added * heads)
    rounded.blocks = first + added
  }
}

/// Blocks of heads as the C kernels take them. Unchecked for the reason given in
/// Kernels+Linear.swift.
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
