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
    /// Query row i sees the keys j with `mask[i, j]`.
    case masked(AttentionMask)
  }

  public var keys: Matrix
  public var values: Matrix
  /// Rows of `keys` and `values` that make up the segment.
  public var rows: Range<Int>
  /// First column of the keys in `keys` and of the values in `values`, for stacked q, k, v rows.
  public var keyColumn: Int
  public var valueColumn: Int
  public var visibility: Visibility

  public init(
    keys: Matrix, values: Matrix, rows: Range<Int>, visibility: Visibility = .all,
    keyColumn: Int = 0, valueColumn: Int = 0
  ) {
    self.keys = keys
    self.values = values
    self.rows = rows
    self.visibility = visibility
    self.keyColumn = keyColumn
    self.valueColumn = valueColumn
  }
}

/// Visibility of `columns` keys to `rows` queries; nothing is visible at first.
@safe public final class AttentionMask {
  public let rows: Int
  public let columns: Int
  private let storage: AlignedBuffer

  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "mask [\(rows), \(columns)]")
    self.rows = rows
    self.columns = columns
    storage = AlignedBuffer(byteCount: rows * columns)
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

/// Query rows and what they attend to.
public struct AttentionGroup {
  public var rows: Range<Int>
  /// Their visibilities count query rows from the group's first.
  public var segments: [AttentionSegment]

  public init(rows: Range<Int>, segments: [AttentionSegment]) {
    self.rows = rows
    self.segments = segments
  }
}

extension Kernels {
  /// softmax(scale · q Kᵀ) V over the visible keys of all segments, for each head; query head h uses
  /// KV head h / (heads / keyValueHeads). A row that sees no key gets zeros.
  ///
  /// - Parameters:
  ///   - queries: `[>= rows, ...]`, `heads · headSize` columns from `queryColumn` on.
  ///   - scale: Factor on the scores; nil is 1 / sqrt(headSize).
  ///   - output: `[>= rows, heads · headSize]`; not `queries`.
  public func attention(
    _ queries: Matrix, rows: Int, queryColumn: Int = 0, heads: Int, keyValueHeads: Int,
    headSize: Int, segments: [AttentionSegment], scale: Float? = nil, into output: Matrix
  ) {
    attention(
      queries, queryColumn: queryColumn, heads: heads, keyValueHeads: keyValueHeads,
      headSize: headSize, groups: [AttentionGroup(rows: 0..<rows, segments: segments)],
      scale: scale, into: output)
  }

  /// The same for several groups of query rows, each with segments of its own.
  public func attention(
    _ queries: Matrix, queryColumn: Int = 0, heads: Int, keyValueHeads: Int, headSize: Int,
    groups: [AttentionGroup], scale: Float? = nil, into output: Matrix
  ) {
    for group in groups {
      queries.check(rows: group.rows)
      output.check(rows: group.rows)
    }
    precondition(
      keyValueHeads > 0 && heads.isMultiple(of: keyValueHeads) && headSize > 0
        && queryColumn >= 0 && queryColumn + heads * headSize <= queries.columns
        && heads * headSize == output.columns && queries !== output,
      """
      attention: \(heads)/\(keyValueHeads) heads of \(headSize) at \(queryColumn) of \
      \(queries.columns) columns into \(output.columns)
      """)
    let parts = unsafe groups.flatMap { group in
      unsafe group.segments.map {
        unsafe $0.part(rows: group.rows.count, width: keyValueHeads * headSize)
      }
    }
    unsafe parts.withUnsafeBufferPointer { parts in
      var jobs = unsafe [ck_attention]()
      var work: [GroupWork] = []
      var chunks = 0
      var part = 0
      for group in groups {
        if group.rows.isEmpty {
          part += group.segments.count
          continue
        }
        unsafe jobs.append(
          ck_attention(
            queries: queries.pointer + group.rows.lowerBound * queries.columns + queryColumn,
            query_stride: queries.columns,
            out: output.pointer + group.rows.lowerBound * output.columns,
            out_stride: output.columns, heads: heads, kv_heads: keyValueHeads,
            head_size: headSize, scale: scale ?? 1 / Float(headSize).squareRoot(),
            segments: parts.baseAddress.map { unsafe $0 + part },
            segment_count: group.segments.count))
        // The heads of a group share keys, so a chunk is a KV head and a run of rows.
        let rows = group.rows.count
        let keys = group.segments.reduce(0) { $0 + $1.rows.count }
        let rowWork = max(1, heads / keyValueHeads * keys * headSize)
        let wanted = (pool.threads * 4 + keyValueHeads - 1) / keyValueHeads
        let runs = max(1, min(rows, wanted, rows * rowWork / 100_000))
        work.append(GroupWork(firstChunk: chunks, rows: rows, runs: runs))
        chunks += keyValueHeads * runs
        part += group.segments.count
      }
      let job = unsafe Job(jobs)
      let function = unsafe table.pointee.attention!
      pool.run(chunks: chunks) { [work] chunk in
        let index = (work.firstIndex { $0.firstChunk > chunk } ?? work.count) - 1
        let part = work[index]
        let head = (chunk - part.firstChunk) / part.runs
        let run = (chunk - part.firstChunk) % part.runs
        unsafe job.value.withUnsafeBufferPointer { jobs in
          unsafe function(
            jobs.baseAddress! + index, part.rows * run / part.runs,
            part.rows * (run + 1) / part.runs, head, head + 1)
        }
      }
    }
  }
}

/// How a group of attention is cut into chunks.
private struct GroupWork {
  var firstChunk: Int
  var rows: Int
  /// Runs of rows that each KV head's share is cut into.
  var runs: Int
}

extension AttentionSegment {
  /// The segment as the C kernels take it, for `rows` queries and `width` columns of keys.
  fileprivate func part(rows queryRows: Int, width: Int) -> ck_segment {
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
    unsafe part.key_stride = keys.columns
    unsafe part.value_stride = values.columns
    unsafe part.count = rows.count
    switch visibility {
    case .all:
      unsafe part.visibility = ck_visible_all
    case .causal(let offset):
      unsafe part.visibility = ck_visible_causal
      unsafe part.offset = offset
    case .masked(let mask):
      precondition(
        mask.rows >= queryRows && mask.columns == rows.count,
        "mask [\(mask.rows), \(mask.columns)] for \(queryRows) queries of \(rows.count) keys")
      unsafe part.visibility = ck_visible_masked
      unsafe part.mask = UnsafePointer(mask.bytes)
      unsafe part.mask_stride = mask.columns
    }
    return unsafe part
  }
}
