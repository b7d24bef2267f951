internal import CKernels

/// How a row of logits is to become a token.
public struct LogitsRow: Sendable {
  /// Row of the logits.
  public var row: Int
  /// Row of the second logits mixed in, if any.
  public var secondRow: Int?
  /// Weight w of the second row: p = (1 - w) softmax(row) + w softmax(second).
  public var secondWeight: Float
  /// Ids banned in this row besides those banned in all.
  public var banned: [Int]
  /// Names the row's noise: the same seed and key give the same noise whatever the other rows are.
  public var key: UInt64

  public init(
    row: Int, secondRow: Int? = nil, secondWeight: Float = 0, banned: [Int] = [], key: UInt64 = 0
  ) {
    self.row = row
    self.secondRow = secondRow
    self.secondWeight = secondWeight
    self.banned = banned
    self.key = key
  }
}

extension Kernels {
  /// The most candidates a summary can hold.
  public static var maximumCandidates: Int { Int(CK_MAX_CANDIDATES) }

  /// Softmax, choice, candidates and entropy of rows of logits.
  ///
  /// Above temperature 0 a token is drawn from p^(1/temperature) by the Gumbel-max trick; the noise
  /// is a function of seed, the choice's key and the token's id alone. Banned ids have probability
  /// 0. A row that allows no token, or holds a NaN, has a summary that is not defined.
  ///
  /// - Parameters:
  ///   - logits: `[rows, vocabulary]`. The rows that `choices` names are overwritten; each may be
  ///     named
  ///     once.
  ///   - second: `[rows, vocabulary]`, where a choice names a second row; overwritten too.
  ///   - candidates: Number of candidates wanted, at most `maximumCandidates`.
  /// - Returns: A summary for each choice, in their order.
  public func summarize(
    _ logits: Matrix, _ choices: [LogitsRow], second: Matrix? = nil, banned: [Int] = [],
    temperature: Float = 0, seed: UInt64 = 0, candidates: Int = 4
  ) -> [TopKSummary] {
    var summaries: [TopKSummary] = []
    summarize(
      logits, choices, second: second, banned: banned, temperature: temperature, seed: seed,
      candidates: candidates, into: &summaries)
    return summaries
  }

  /// The same, in the memory of `summaries`, whose elements are replaced.
  public func summarize(
    _ logits: Matrix, _ choices: [LogitsRow], second: Matrix? = nil, banned: [Int] = [],
    temperature: Float = 0, seed: UInt64 = 0, candidates: Int = 4,
    into summaries: inout [TopKSummary]
  ) {
    let vocabulary = logits.columns
    precondition(
      (0...Self.maximumCandidates).contains(candidates), "\(candidates) candidates")
    precondition(temperature >= 0, "temperature \(temperature)")
    if let second {
      precondition(
        second.columns == vocabulary,
        "second logits of \(second.columns) columns, logits of \(vocabulary)")
    }
    for index in 0..<choices.count {
      let choice = choices[index]
      logits.check(rows: choice.row..<choice.row + 1)
      if let row = choice.secondRow {
        guard let second else {
          preconditionFailure("a choice names a second row, there are no second logits")
        }
        second.check(rows: row..<row + 1)
      }
    }
    summaries.removeAll(keepingCapacity: true)
    summaries.reserveCapacity(choices.count)
    let requestBytes = unsafe choices.count * MemoryLayout<ck_choice>.stride
    let resultBytes = choices.count * MemoryLayout<ck_summary>.stride
    var bannedCount = banned.count
    for index in 0..<choices.count { bannedCount += choices[index].banned.count }
    let bannedBytes = bannedCount * MemoryLayout<Int32>.stride
    scratch.withBytes(requestBytes + resultBytes + bannedBytes) { buffer in
      let requests = unsafe buffer.pointer(to: ck_choice.self)
      let start = UnsafeMutableRawPointer(requests)
      let results = unsafe (start + requestBytes).assumingMemoryBound(to: ck_summary.self)
      var ids = unsafe (start + requestBytes + resultBytes).assumingMemoryBound(to: Int32.self)
      let everywhere = unsafe ids
      unsafe write(banned, below: vocabulary, to: &ids)
      for index in 0..<choices.count {
        let choice = choices[index]
        var request = unsafe ck_choice()
        unsafe request.logits = logits.pointer + choice.row * vocabulary
        if let second, let row = choice.secondRow {
          unsafe request.second = second.pointer + row * vocabulary
          unsafe request.weight = choice.secondWeight
        }
        unsafe request.count = vocabulary
        unsafe request.banned = UnsafePointer(everywhere)
        unsafe request.banned_count = banned.count
        unsafe request.more_banned = UnsafePointer(ids)
        unsafe request.more_banned_count = choice.banned.count
        unsafe request.temperature = temperature
        unsafe request.seed = seed
        unsafe request.key = choice.key
        unsafe request.candidates = candidates
        unsafe requests[index] = request
        unsafe write(choice.banned, below: vocabulary, to: &ids)
      }
      let function = unsafe table.pointee.summarize!
      pool.run(
        unsafe Summaries(function: function, requests: requests, results: results),
        chunks: choices.count)
      for index in 0..<choices.count { unsafe summaries.append(TopKSummary(results[index])) }
    }
  }
}

/// Rows as the C kernels take them.
///
/// Unchecked: a chunk writes its own result; the scratch memory and the logits outlive the run.
@safe private struct Summaries: ChunkedWork, @unchecked Sendable {
  let function: ck_summarize_function
  let requests: UnsafePointer<ck_choice>
  let results: UnsafeMutablePointer<ck_summary>

  func run(chunk: Int) {
    unsafe function(requests + chunk, results + chunk)
  }
}

/// Writes `banned` to `ids` and moves it past them.
private func write(_ banned: [Int], below count: Int, to ids: inout UnsafeMutablePointer<Int32>) {
  for index in 0..<banned.count {
    let id = banned[index]
    precondition(id >= 0 && id < count, "banned id \(id) of \(count)")
    unsafe ids.pointee = Int32(id)
    unsafe ids += 1
  }
}
