internal import CKernels

/// How a row of logits is to become a token.
public struct TokenChoice: Sendable {
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

/// What a row of logits says.
public struct TokenSummary: Sendable, Equatable {
  public struct Candidate: Sendable, Equatable {
    public var token: Int
    public var probability: Float

    public init(token: Int, probability: Float) {
      self.token = token
      self.probability = probability
    }
  }

  /// The chosen token: the likeliest one at temperature 0, a drawn one above.
  public var token: Int
  /// Probability of the chosen token at temperature 1.
  public var probability: Float
  /// The likeliest tokens at temperature 1, best first, the lower id first among equals.
  public var candidates: [Candidate]
  /// Entropy of the distribution at temperature 1, in nats.
  public var entropy: Float
  /// ln Σ exp(logit) over the allowed tokens, so that a token's log-probability is its logit minus
  /// this; 0 for a mixed row.
  public var logNormalizer: Float

  public init(
    token: Int, probability: Float, candidates: [Candidate], entropy: Float, logNormalizer: Float
  ) {
    self.token = token
    self.probability = probability
    self.candidates = candidates
    self.entropy = entropy
    self.logNormalizer = logNormalizer
  }
}

extension Kernels {
  /// The most candidates a summary can hold.
  public static var maximumCandidates: Int { Int(CK_MAX_CANDIDATES) }

  /// Softmax, choice, candidates and entropy of rows of logits.
  ///
  /// Above temperature 0 a token is drawn from p^(1/temperature) by the Gumbel-max trick; the noise
  /// is a function of seed, the choice's key and the token's id alone. Banned ids have probability
  /// 0. Traps if a row allows no token.
  ///
  /// - Parameters:
  ///   - logits: `[rows, vocabulary]`. The rows named by `choices` are overwritten; each may be named
  ///     once.
  ///   - second: `[rows, vocabulary]`, where a choice names a second row; overwritten too.
  ///   - candidates: Number of candidates wanted, at most `maximumCandidates`.
  /// - Returns: A summary for each choice, in their order.
  public func summarize(
    _ logits: Matrix, _ choices: [TokenChoice], second: Matrix? = nil, banned: [Int] = [],
    temperature: Float = 0, seed: UInt64 = 0, candidates: Int = 4
  ) -> [TokenSummary] {
    let vocabulary = logits.columns
    precondition(
      (0...Self.maximumCandidates).contains(candidates), "\(candidates) candidates")
    precondition(temperature >= 0, "temperature \(temperature)")
    precondition(
      second == nil || second!.columns == vocabulary,
      "second logits of \(second?.columns ?? 0) columns, logits of \(vocabulary)")
    for choice in choices {
      logits.check(rows: choice.row..<choice.row + 1)
      if let row = choice.secondRow {
        precondition(second != nil, "a choice names a second row, there are no second logits")
        second!.check(rows: row..<row + 1)
      }
    }
    let bannedEverywhere = indices(banned, below: vocabulary)
    var results = [ck_summary](repeating: ck_summary(), count: choices.count)
    let function = unsafe table.pointee.summarize!
    let first = unsafe Shared(logits.pointer)
    let other = second.map { unsafe Shared($0.pointer) }
    unsafe results.withUnsafeMutableBufferPointer { results in
      guard let start = results.baseAddress else { return }
      let target = unsafe Shared(start)
      pool.run(chunks: choices.count) { i in
        let choice = choices[i]
        let bannedHere = indices(choice.banned, below: vocabulary)
        unsafe bannedEverywhere.withUnsafeBufferPointer { everywhere in
          unsafe bannedHere.withUnsafeBufferPointer { here in
            var request = unsafe ck_choice()
            unsafe request.logits = first.pointer + choice.row * vocabulary
            if let other, let row = choice.secondRow {
              unsafe request.second = other.pointer + row * vocabulary
              unsafe request.weight = choice.secondWeight
            }
            unsafe request.count = vocabulary
            unsafe request.banned = everywhere.baseAddress
            unsafe request.banned_count = everywhere.count
            unsafe request.more_banned = here.baseAddress
            unsafe request.more_banned_count = here.count
            unsafe request.temperature = temperature
            unsafe request.seed = seed
            unsafe request.key = choice.key
            unsafe request.candidates = candidates
            unsafe function(&request, target.pointer + i)
          }
        }
      }
    }
    return results.map { TokenSummary($0) }
  }
}

private func indices(_ ids: [Int], below count: Int) -> [Int32] {
  ids.map { id in
    precondition(id >= 0 && id < count, "banned id \(id) of \(count)")
    return Int32(id)
  }
}

extension TokenSummary {
  fileprivate init(_ summary: ck_summary) {
    precondition(summary.token >= 0, "every token of a row is banned")
    token = Int(summary.token)
    probability = summary.probability
    entropy = summary.entropy
    logNormalizer = summary.log_normalizer
    candidates = []
    let (ids, probabilities) = (summary.candidates, summary.candidate_probabilities)
    unsafe withUnsafeBytes(of: ids) { ids in
      unsafe withUnsafeBytes(of: probabilities) { probabilities in
        for i in 0..<Int(summary.candidate_count) {
          candidates.append(
            Candidate(
              token: unsafe Int(ids.load(fromByteOffset: i * 4, as: Int32.self)),
              probability: unsafe probabilities.load(fromByteOffset: i * 4, as: Float.self)))
        }
      }
    }
  }
}
