package import Tensors

/// Tokens run causally through the base alone, their keys and values kept: text of a document, or
/// committed tokens of a passage.
///
/// Encoding is done when first asked for, in parts, and may be cancelled between layers; what is
/// done is kept.
public final class CachedPrompt {
  public private(set) var tokens: [Int]
  /// Position of the first token.
  public private(set) var firstPosition: Int
  /// Text before this one that its tokens see, encoded already.
  package let before: CachedPrompt?
  package let cache: KeyValueCache
  /// Normalised state of the token at `stateIndex`, `[1, width]`.
  private let state: Matrix
  private var stateIndex: Int?

  /// Tokens run in one pass: bounds the buffers and the time to a cancellation.
  package static let chunk = 128

  public init(
    _ tokens: [Int], firstPosition: Int = 0, after before: CachedPrompt? = nil,
    model: ModelConfiguration
  ) {
    self.tokens = tokens
    self.firstPosition = firstPosition
    self.before = before
    cache = KeyValueCache(model, capacity: tokens.count)
    state = Matrix(rows: 1, columns: model.width)
  }

  /// Tokens whose keys and values are there.
  public var encodedCount: Int { cache.count }

  /// Whether none is missing.
  package var isEncoded: Bool { cache.count == tokens.count }

  /// All encoded tokens, as context of a pass.
  package var context: ForwardPass.Context { ForwardPass.Context(cache) }

  /// Makes room for `count` tokens in all.
  package func reserve(_ count: Int) {
    tokens.reserveCapacity(count)
    cache.reserve(max(0, count - cache.count))
  }

  /// Makes the text `tokens` at `firstPosition`; keys and values of the common beginning are kept
  /// unless the position changes.
  package func replace(_ tokens: some Collection<Int>, firstPosition: Int? = nil) {
    let position = firstPosition ?? self.firstPosition
    var common = 0
    var next = tokens.startIndex
    if position == self.firstPosition {
      while common < cache.count, next < tokens.endIndex, tokens[next] == self.tokens[common] {
        common += 1
        tokens.formIndex(after: &next)
      }
    }
    self.tokens.removeSubrange(common...)
    self.tokens.append(contentsOf: tokens[next...])
    self.firstPosition = position
    cache.truncate(to: min(cache.count, common))
    if let index = stateIndex, index >= common { stateIndex = nil }
  }

  /// Copies the keys and values of the first `count` tokens of `other`, as far as it has them: the
  /// two texts begin alike, at the same position. Only while nothing is encoded.
  public func adopt(_ other: CachedPrompt, count: Int) {
    precondition(
      cache.count == 0 && other.firstPosition == firstPosition && other.before === before,
      "a text of \(cache.count) encoded tokens cannot adopt another")
    let count = min(count, other.cache.count)
    precondition(tokens.prefix(count) == other.tokens.prefix(count), "the texts differ")
    cache.copy(other.cache, count: count)
  }

  /// Moves the text by `delta` positions, turning its keys instead of computing them again. Exact
  /// in the first layer only: deeper keys depend on how far the text before it is.
  package func shift(by delta: Int, on transformer: Transformer) {
    transformer.shiftRoPE(cache, by: delta)
    firstPosition += delta
  }

  /// Runs what is missing of the first `limit` tokens, nil is all; returns the number of forward
  /// passes. `onLayer` as in `Transformer.run`.
  @discardableResult
  public func encode(
    on transformer: Transformer, upTo limit: Int? = nil, onLayer: (Int) throws -> Void
  ) throws -> Int {
    if isEncoded { return 0 }
    var pass = ForwardPass([], positions: [], groups: [], outputRows: [])
    var passes = [0]
    try Self.encode(
      [self], on: transformer, upTo: limit, by: &pass, counting: &passes, onLayer: onLayer)
    return passes[0]
  }

  /// The same for the next part of what is missing.
  package func encodeNext(on transformer: Transformer, onLayer: (Int) throws -> Void) throws {
    try encode(
      on: transformer, upTo: min(tokens.count, encodedCount + Self.chunk), onLayer: onLayer)
  }

  /// Runs what is missing of several texts, side by side, the text before each of them encoded
  /// already. A text may be given twice.
  ///
  /// - Parameters:
  ///   - pass: gives its memory to the passes that are made.
  ///   - passes: gets the passes that each text took part in added.
  package static func encode(
    _ texts: [CachedPrompt], on transformer: Transformer, upTo limit: Int? = nil,
    by pass: inout ForwardPass, counting passes: inout [Int], onLayer: (Int) throws -> Void
  ) throws {
    defer { pass.clear() }
    while true {
      pass.clear()
      var count = 0
      var room = chunk
      for index in 0..<texts.count where room > 0 {
        let text = texts[index]
        let isFirst = texts.firstIndex { $0 === text } == index
        let end = min(limit ?? text.tokens.count, text.tokens.count, text.cache.count + room)
        guard isFirst, end > text.cache.count else { continue }
        let rows = text.cache.count..<end
        for row in rows {
          pass.tokens.append(text.tokens[row])
          pass.positions.append(text.firstPosition + row)
        }
        pass.setGroup(count, count: rows.count, target: text.cache)
        if let before = text.before { pass.groups[count].context.append(before.context) }
        pass.groups[count].context.append(text.context)
        pass.outputRows?.append(pass.tokens.count - 1)
        for other in 0..<texts.count where texts[other] === text { passes[other] += 1 }
        room -= rows.count
        count += 1
      }
      if count == 0 { return }
      pass.groups.removeLast(pass.groups.count - count)
      try transformer.run(pass, onLayer: onLayer)
      var row = -1
      for index in 0..<count {
        let group = pass.groups[index]
        guard let text = texts.first(where: { $0.cache === group.target }) else { continue }
        row += group.count
        transformer.state(row: row, into: text.state)
        text.stateIndex = text.cache.count - 1
      }
    }
  }

  /// The same text `delta` positions on, in memory of its own. Keys and values are kept, turned,
  /// unless it is to be computed again, which is exact.
  package func moved(by delta: Int, anew: Bool, on transformer: Transformer) -> CachedPrompt {
    let text = CachedPrompt(
      tokens, firstPosition: firstPosition + (anew ? delta : 0), after: before,
      model: transformer.configuration)
    if !anew {
      text.adopt(self, count: encodedCount)
      text.shift(by: delta, on: transformer)
    }
    return text
  }

  /// The normalised state of the last token, `[1, width]`, from which the base predicts the next
  /// one. Runs the last token again where its state was not kept; traps for an empty text.
  package func lastState(on transformer: Transformer, onLayer: (Int) throws -> Void) throws -> (
    state: Matrix, passes: Int
  ) {
    precondition(!tokens.isEmpty, "an empty text has no last token")
    if stateIndex != tokens.count - 1 { cache.truncate(to: min(cache.count, tokens.count - 1)) }
    let passes = try encode(on: transformer, onLayer: onLayer)
    return (state, passes)
  }
}
