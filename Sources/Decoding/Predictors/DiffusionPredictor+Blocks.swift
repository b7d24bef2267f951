internal import DecodingPolicies
internal import Transformers

extension DiffusionPredictor {
  /// Runs the model's block that holds `range`, all before it cached or run again.
  mutating func runBlockCausal(
    _ tokens: [Int], _ range: Range<Int>, _ wanted: [Int], size: Int
  ) throws -> (rows: [Int], passes: Int) {
    let begin = range.lowerBound / size * size
    let end = min(tokens.count, begin + size)
    precondition(range.upperBound <= end, "\(range) spans blocks of \(size) tokens")
    if options.cache == .none {
      let rows = wanted.map { row($0, first: 0) }
      try run(
        ForwardPass(
          Array(tokens[..<end]), visibility: .custom { $0 / size >= $1 / size }, outputRows: rows))
      return (rows, 1)
    }
    let passes = try commit(tokens, end: begin, size: size)
    // With shifted logits the last token of the block before predicts the first slot.
    let needsOneMore = model.traits.shiftsLogits && wanted.first == begin && begin > 0
    let first = begin - (needsOneMore ? 1 : 0)
    let rows = wanted.map { row($0, first: first) }
    try run(
      ForwardPass(
        Array(tokens[first..<end]), positions: Array(first..<end),
        context: [ForwardPass.Context(cache, rows: 0..<first)],
        visibility: needsOneMore
          ? .custom { ($0 + first) / size >= ($1 + first) / size } : .all, outputRows: rows))
    return (rows, passes + 1)
  }

  /// Runs and keeps the whole blocks before position `end`; returns the passes.
  private mutating func commit(_ tokens: [Int], end: Int, size: Int) throws -> Int {
    // A shorter cache of the same text is only ever too short: blocks do not change once filled.
    cache.truncate(to: min(cache.count, end))
    guard cache.count < end else { return 0 }
    let positions = Array(cache.count..<end)
    let first = cache.count
    try run(
      ForwardPass(
        positions.map { tokens[$0] }, positions: positions, context: [.init(cache)],
        visibility: .custom { ($0 + first) / size >= ($1 + first) / size }, target: cache,
        outputRows: []))
    return 1
  }

  /// Commits the blocks that a text of whole blocks ends with, as decoders do that continue from
  /// there; returns the passes.
  public mutating func finish(_ canvas: Canvas) throws -> Int {
    guard case .blockCausal(let configured) = model.traits.attention, options.cache != .none else {
      return 0
    }
    let size = options.blockLength ?? configured
    let tokens = prefix + canvas.slots.prefix(canvas.committedCount).map(token)
    return try commit(tokens, end: tokens.count / size * size, size: size)
  }

  /// Runs `range` over the text before it, causally encoded; the rest of the model's block is
  /// filled up with the beginning of the suffix where the canvas ends in it.
  mutating func runOverContext(
    _ tokens: [Int], _ range: Range<Int>, _ wanted: [Int], size: Int
  ) throws -> (rows: [Int], passes: Int) {
    cache.truncate(to: options.cache == .none ? 0 : min(cache.count, range.lowerBound))
    var passes = 0
    if cache.count < range.lowerBound {
      let positions = Array(cache.count..<range.lowerBound)
      try run(
        ForwardPass(
          positions.map { tokens[$0] }, positions: positions, context: [.init(cache)],
          target: cache, outputRows: []))
      passes += 1
    }
    let active = range.lowerBound..<activeEnd(tokens.count, range, size: size)
    let rows = wanted.map { $0 - range.lowerBound }
    try run(
      ForwardPass(
        Array(tokens[active]), positions: Array(active), context: [.init(cache)],
        visibility: .all, outputRows: rows))
    return (rows, passes + 1)
  }

  /// Where the tokens end that are run with `range`: in the model's block that it begins, if that
  /// is the last one, in the suffix.
  func activeEnd(_ count: Int, _ range: Range<Int>, size: Int) -> Int {
    let isLast = range.upperBound == count - suffix.count
    let room = isLast ? max(0, size - range.count) : 0
    return min(count, range.upperBound + room)
  }
}
