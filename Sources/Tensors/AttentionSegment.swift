internal import CKernels

/// A run of keys and values that queries attend to: part of a cache.
///
/// Row j of both matrices holds all KV heads of one token, `[..., keyValueHeads · headSize]` from
/// their columns on.
public struct AttentionSegment {
  /// Which keys of a segment a query row sees.
  public enum Visibility {
    case all
    /// Query row i sees keys 0...i + offset of the segment.
    case causal(offset: Int)
    /// Query row i sees the first `behind` keys of the segment, and of the others the keys
    /// j with `mask[i, j - behind]`.
    case masked(AttentionMask, behind: Int = 0)
  }

  public var keys: Matrix
  public var values: Matrix
  /// Rows of `keys` and `values` that make up the segment.
  public var rows: Range<Int>
  /// First column of the keys in `keys` and of the values in `values`, for stacked q, k, v rows.
  public var keyColumn: Int
  public var valueColumn: Int
  public var visibility: Visibility
  /// Of the keys and values from row 0 on, as far as they were rounded before. Used where the
  /// segment begins there.
  public var rounded: QuantizedKVCache?

  public init(
    keys: Matrix, values: Matrix, rows: Range<Int>, visibility: Visibility = .all,
    keyColumn: Int = 0, valueColumn: Int = 0, rounded: QuantizedKVCache? = nil
  ) {
    self.keys = keys
    self.values = values
    self.rows = rows
    self.visibility = visibility
    self.rounded = rounded
    self.keyColumn = keyColumn
    self.valueColumn = valueColumn
  }
}

/// Visibility of `columns` keys to `rows` queries; nothing is visible at first.
@safe public final class AttentionMask {
  public private(set) var rows = 0
  public private(set) var columns = 0
  private var storage = AlignedBuffer(byteCount: 0)

  public init(rows: Int, columns: Int) {
    resize(rows: rows, columns: columns)
  }

  /// Gives the mask another shape, nothing visible. Allocates only where no shape before had as many
  /// elements.
  public func resize(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "mask [\(rows), \(columns)]")
    self.rows = rows
    self.columns = columns
    if storage.byteCount < rows * columns {
      storage = AlignedBuffer(byteCount: rows * columns)
    } else {
      fill(false)
    }
  }

  public subscript(row: Int, column: Int) -> Bool {
    get { unsafe bytes[index(row, column)] != 0 }
    set { unsafe bytes[index(row, column)] = newValue ? 1 : 0 }
  }

  public func fill(_ visible: Bool) {
    unsafe bytes.update(repeating: visible ? 1 : 0, count: rows * columns)
  }

  var bytes: UnsafeMutablePointer<UInt8> { unsafe storage.pointer(to: UInt8.self) }

  private func index(_ row: Int, _ column: Int) -> Int {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "mask element [\(row), \(column)] of [\(rows), \(columns)]")
    return row * columns + column
  }
}

extension AttentionSegment {
  /// The segment as the C kernels take it, for those query rows of a group and KV heads of `size`
  /// columns.
  func part(rows queryRows: Range<Int>, heads: Int, size: Int) -> ck_segment {
    let width = heads * size
    keys.check(rows: rows)
    values.check(rows: rows)
    precondition(
      keyColumn >= 0 && keyColumn + width <= keys.columns && valueColumn >= 0
        && valueColumn + width <= values.columns,
      "segment: \(width) columns at \(keyColumn) of \(keys.columns), \(valueColumn) of \(values.columns)"
    )
    var part = unsafe ck_segment()
    unsafe part.keys = UnsafePointer(keys.pointer + rows.lowerBound * keys.columns + keyColumn)
    unsafe part.values = UnsafePointer(
      values.pointer + rows.lowerBound * values.columns + valueColumn)
    unsafe part.row = queryRows.lowerBound
    unsafe part.row_end = queryRows.upperBound
    unsafe part.key_stride = keys.columns
    unsafe part.value_stride = values.columns
    unsafe part.count = rows.count
    if let rounded, rows.lowerBound == 0 {
      precondition(
        rounded.keyValueHeads == heads && rounded.headSize == size, "rounded for other heads")
      unsafe part.rounded = rounded.pointer
      unsafe part.rounded_count = rounded.blocks(of: rows.count)
    }
    switch visibility {
    case .all:
      unsafe part.visibility = ck_visible_all
    case .causal(let offset):
      unsafe part.visibility = ck_visible_causal
      unsafe part.offset = offset
    case .masked(let mask, let first):
      precondition(
        first >= 0 && mask.rows >= queryRows.count && mask.columns == rows.count - first,
        """
        mask [\(mask.rows), \(mask.columns)] behind \(first) for \(queryRows.count) queries of \
        \(rows.count) keys
        """)
      unsafe part.visibility = ck_visible_masked
      unsafe part.offset = first
      unsafe part.mask = UnsafePointer(mask.bytes)
      unsafe part.mask_stride = mask.columns
    }
    return unsafe part
  }
}
