internal import CKernels

/// Groups of query rows with what each attends to, listed for each call in memory that is kept.
@safe public final class AttentionPlan {
  /// Query rows and their segments among those of all groups.
  struct Group {
    var rows: Range<Int>
    var segments: Range<Int>
  }

  /// How a group is computed, cut into chunks: a KV head and a run of rows each, as the heads of a
  /// group share keys.
  struct Cut {
    var firstChunk: Int
    var rows: Range<Int>
    /// Runs of rows that each KV head's share is cut into.
    var runs: Int
  }

  private(set) var groups: [Group] = []
  private var segments: [AttentionSegment] = []
  /// Which rows of its group see each segment.
  private var seers: [Range<Int>] = []
  private var parts = unsafe [ck_segment]()
  private var jobs = unsafe [ck_attention]()
  private var cuts: [Cut] = []

  public init() {}

  /// Forgets all groups.
  public func removeAll() {
    groups.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    seers.removeAll(keepingCapacity: true)
  }

  /// Lists query rows as a group that attends to nothing yet.
  public func addGroup(_ rows: Range<Int>) {
    groups.append(Group(rows: rows, segments: segments.count..<segments.count))
  }

  /// Lets rows of the last group, all of them unless told, attend to `segment`, whose visibility
  /// counts query rows from the first of them. Rows count from the group's first.
  public func addSegment(_ segment: AttentionSegment, rows: Range<Int>? = nil) {
    precondition(!groups.isEmpty, "a segment without a group")
    let count = groups[groups.count - 1].rows.count
    let rows = rows ?? 0..<count
    precondition(rows.upperBound <= count, "rows \(rows) of a group of \(count)")
    segments.append(segment)
    seers.append(rows)
    let first = groups[groups.count - 1].segments.lowerBound
    groups[groups.count - 1].segments = first..<segments.count
  }

  /// Calls `body` with a job for each group, shaped like `shape`, how it is cut for `threads`
  /// threads, and the number of chunks in all.
  func withJobs(
    _ shape: ck_attention, threads: Int,
    _ body: (UnsafeBufferPointer<ck_attention>, UnsafeBufferPointer<Cut>, Int) -> Void
  ) {
    unsafe parts.removeAll(keepingCapacity: true)
    unsafe jobs.removeAll(keepingCapacity: true)
    cuts.removeAll(keepingCapacity: true)
    for group in 0..<groups.count {
      for segment in groups[group].segments {
        unsafe parts.append(
          segments[segment].part(
            rows: seers[segment], heads: shape.kv_heads, size: shape.head_size))
      }
    }
    unsafe parts.withUnsafeBufferPointer { parts in
      var chunks = 0
      for index in 0..<groups.count where !groups[index].rows.isEmpty {
        let group = groups[index]
        var job = unsafe shape
        unsafe job.rows = group.rows.count
        unsafe job.queries += group.rows.lowerBound * shape.query_stride
        unsafe job.out += group.rows.lowerBound * shape.out_stride
        unsafe job.segments = parts.baseAddress.map { unsafe $0 + group.segments.lowerBound }
        unsafe job.segment_count = group.segments.count
        let rows = group.rows.count
        var keys = 0
        for segment in group.segments {
          keys += segments[segment].rows.count * seers[segment].count
        }
        let work = unsafe max(rows, shape.heads / shape.kv_heads * keys * shape.head_size)
        // Each chunk transposes the keys it needs and rounds them: not too many.
        let wanted = unsafe (2 * threads - 1) / (shape.kv_heads * groups.count) + 1
        let runs = max(1, min(rows, wanted, work / 100_000))
        unsafe jobs.append(job)
        cuts.append(
          Cut(firstChunk: chunks, rows: group.rows, runs: runs))
        unsafe chunks += shape.kv_heads * runs
      }
      unsafe jobs.withUnsafeBufferPointer { jobs in
        unsafe cuts.withUnsafeBufferPointer { cuts in unsafe body(jobs, cuts, chunks) }
      }
    }
  }
}
