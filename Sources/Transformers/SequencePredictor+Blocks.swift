public import Denoising

extension SequencePredictor {
  /// Runs the model's block that holds `range`, all before it cached or run again.
  mutating func runBlockCausal(
    _ tokens: [Int], _ range: Range<Int>, _ wanted: [Int], size: Int
  ) throws -> (rows: [Int], passes: Int) {
    let begin = range.lowerBound / size * size
    let end = min(tokens.count, begin + size)
    precondition(range.upperBound <= end, "\(range) spans blocks of \(size) tokens")
    if options.cache == .none {
      try run(
        ForwardPass(Array(tokens[..<end]), visibility: .custom { $0 / size >= $1 / size }))
      return (wanted.map { row($0, first: 0) }, 1)
    }
    let passes = try settle(tokens, end: begin, size: size)
    try run(
      ForwardPass(
        Array(tokens[begin..<end]), positions: Array(begin..<end),
        context: [ForwardPass.Context(cache)], visibility: .all))
    return (wanted.map { row($0, first: begin) }, passes + 1)
  }

  /// Runs and keeps the whole blocks before position `end`; returns the passes.
  private mutating func settle(_ tokens: [Int], end: Int, size: Int) throws -> Int {
    // A shorter cache of the same text is only ever too short: blocks do not change once filled.
    cache.truncate(to: min(cache.count, end))
    guard cache.count < end else { return 0 }
    let positions = Array(cache.count..<end)
    let first = cache.count
    try run(
      ForwardPass(
        positions.map { tokens[$0] }, positions: positions, context: [.init(cache)],
        visibility: .custom { ($0 + first) / size >= ($1 + first) / size }, target: cache))
    return 1
  }

  /// Settles the blocks that a text of whole blocks ends with, as decoders do that go on from
  /// there; returns the passes.
  public mutating func finish(_ canvas: Canvas) throws -> Int {
    guard case .blockCausal(let configured) = model.traits.attention, options.cache != .none else {
      return 0
    }
    let size = options.blockLength ?? configured
    let tokens = prefix + canvas.slots.prefix(canvas.settledCount).map(token)
    return try settle(tokens, end: tokens.count / size * size, size: size)
  }

  /// Runs `range` over what stands before it, causally encoded; the rest of the model's block is
  /// filled up with the beginning of the suffix where the canvas ends in it.
  mutating func runOverContext(
    _ tokens: [Int], _ range: Range<Int>, _ wanted: [Int], size: Int
  ) throws -> (rows: [Int], passes: Int) {
    cache.truncate(to: min(cache.count, range.lowerBound))
    var passes = 0
    if cache.count < range.lowerBound {
      let positions = Array(cache.count..<range.lowerBound)
      try run(
        ForwardPass(
          positions.map { tokens[$0] }, positions: positions, context: [.init(cache)],
          target: cache))
      passes += 1
    }
    let isLast = range.upperBound == tokens.count - suffix.count
    let room = isLast ? max(0, size - range.count) : 0
    let end = min(tokens.count, range.upperBound + room)
    let active = range.lowerBound..<end
    try run(
      ForwardPass(
        Array(tokens[active]), positions: Array(active), context: [.init(cache)],
        visibility: .all))
    return (wanted.map { $0 - range.lowerBound }, passes + 1)
  }
}
