internal import CKernels

/// How exactly attention is computed.
public enum AttentionPrecision: Sendable {
  /// In fp32.
  case full
  /// Queries, keys, values and weights may be rounded to integers of about 12 bits, each run of them
  /// with a scale of its own: an error of about 1e-3 of the result, which grows with scores of
  /// hundreds.
  case rounded
}

extension Kernels {
  /// softmax(scale · q Kᵀ) V over the visible keys of all segments, for each head; query head h uses
  /// KV head h / (heads / keyValueHeads). A row that sees no key gets zeros.
  ///
  /// - Parameters:
  ///   - queries: `[>= rows, ...]`, `heads · headSize` columns from `queryColumn` on.
  ///   - scale: Positive factor on the scores; nil is 1 / sqrt(headSize).
  ///   - precision: Few rows are rounded for keys that were rounded before, and for no others.
  ///   - output: `[>= rows, heads · headSize]`; not `queries`.
  public func attention(
    _ queries: Matrix, rows: Int, queryColumn: Int = 0, heads: Int, keyValueHeads: Int,
    headSize: Int, segments: [AttentionSegment], scale: Float? = nil,
    precision: AttentionPrecision = .full, into output: Matrix
  ) {
    let plan = AttentionPlan()
    plan.addGroup(0..<rows)
    for segment in segments { plan.addSegment(segment) }
    attention(
      queries, queryColumn: queryColumn, heads: heads, keyValueHeads: keyValueHeads,
      headSize: headSize, plan, scale: scale, precision: precision, into: output)
  }

  /// The same for the groups of query rows of `plan`.
  public func attention(
    _ queries: Matrix, queryColumn: Int = 0, heads: Int, keyValueHeads: Int, headSize: Int,
    _ plan: AttentionPlan, scale: Float? = nil, precision: AttentionPrecision = .full,
    into output: Matrix
  ) {
    let shape = unsafe shape(
      queries, queryColumn: queryColumn, heads: heads, keyValueHeads: keyValueHeads,
      headSize: headSize, plan, scale: scale, into: output)
    unsafe attend(plan, shape, precision, rounding: nil)
  }

  /// The same, rounded at once for the products that take it.
  public func attention(
    _ queries: Matrix, queryColumn: Int = 0, heads: Int, keyValueHeads: Int, headSize: Int,
    _ plan: AttentionPlan, scale: Float? = nil, precision: AttentionPrecision = .full,
    into output: LinearInput
  ) {
    let shape = unsafe shape(
      queries, queryColumn: queryColumn, heads: heads, keyValueHeads: keyValueHeads,
      headSize: headSize, plan, scale: scale, into: output.values)
    let parts = output.parts
    // What the heads of a KV head give is rounded by who computed it.
    let isWhole = (heads / keyValueHeads * headSize).isMultiple(of: Int(CK_GROUP))
    if isWhole && parts.roundsByColumns {
      unsafe attend(plan, shape, precision, rounding: parts)
      return
    }
    unsafe attend(plan, shape, precision, rounding: nil)
    for index in 0..<plan.groups.count {
      let rows = plan.groups[index].rows
      split(
        rows.count, minimum: roundingMinimum / max(output.columns, 1),
        ShiftedWork(work: parts, first: rows.lowerBound))
    }
  }

  private func shape(
    _ queries: Matrix, queryColumn: Int, heads: Int, keyValueHeads: Int, headSize: Int,
    _ plan: AttentionPlan, scale: Float?, into output: Matrix
  ) -> ck_attention {
    for index in 0..<plan.groups.count {
      queries.check(rows: plan.groups[index].rows)
      output.check(rows: plan.groups[index].rows)
    }
    precondition(
      keyValueHeads > 0 && heads.isMultiple(of: keyValueHeads) && headSize > 0
        && queryColumn >= 0 && queryColumn + heads * headSize <= queries.columns
        && heads * headSize == output.columns && queries !== output && scale ?? 1 > 0,
      """
      attention: \(heads)/\(keyValueHeads) heads of \(headSize) at \(queryColumn) of \
      \(queries.columns) columns into \(output.columns)
      """)
    return unsafe ck_attention(
      queries: queries.pointer + queryColumn, query_stride: queries.columns, rows: 0,
      out: output.pointer, out_stride: output.columns, heads: heads, kv_heads: keyValueHeads,
      head_size: headSize, scale: scale ?? 1 / Float(headSize).squareRoot(), segments: nil,
      segment_count: 0)
  }

  private func attend(
    _ plan: AttentionPlan, _ shape: ck_attention, _ precision: AttentionPrecision,
    rounding: InputRows?
  ) {
    let function =
      unsafe precision == .full ? table.pointee.attention! : table.pointee.attention_q16!
    unsafe plan.withJobs(shape, threads: pool.threads) { jobs, cuts, chunks in
      pool.run(
        unsafe AttentionWork(function: function, jobs: jobs, cuts: cuts, rounding: rounding),
        chunks: chunks)
    }
  }
}

/// Groups as the C kernels take them.
///
/// Unchecked: a chunk writes the output of its own groups; queries, caches and scratch memory outlive
/// the run.
@safe private struct AttentionWork: ChunkedWork, @unchecked Sendable {
  let function: ck_attention_function
  let jobs: UnsafeBufferPointer<ck_attention>
  let cuts: UnsafeBufferPointer<AttentionPlan.Cut>
  /// Rounds what the heads of a KV head give.
  let rounding: InputRows?

  func run(chunk: Int) {
    var index = unsafe cuts.count - 1
    while unsafe cuts[index].firstChunk > chunk { index -= 1 }
    let cut = unsafe cuts[index]
    let head = (chunk - cut.firstChunk) / cut.runs
    let run = (chunk - cut.firstChunk) % cut.runs
    let rows = cut.rows.count * run / cut.runs..<cut.rows.count * (run + 1) / cut.runs
    let job = unsafe jobs.baseAddress! + index
    unsafe function(job, rows.lowerBound, rows.upperBound, head, head + 1)
    guard let rounding else { return }
    let width = unsafe job.pointee.heads / job.pointee.kv_heads * job.pointee.head_size
    let first = cut.rows.lowerBound
    rounding.round(
      first + rows.lowerBound..<first + rows.upperBound,
      columns: head * width..<(head + 1) * width)
  }
}
