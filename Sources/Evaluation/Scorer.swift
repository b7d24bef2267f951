public import Decoding
internal import Tensors
internal import Transformers

/// Likelihoods of tokens: under the base from the left, and under the denoiser where they are
/// masked. Keeps the keys and values of one prefix. Confined to one thread, like its model.
public final class Scorer {
  public let model: AdapterModel
  private let cache: KeyValueCache
  private var prefix: [Int] = []

  public init(_ model: AdapterModel) {
    self.model = model
    cache = KeyValueCache(model.transformer.configuration, capacity: 256)
  }

  private var transformer: Transformer { model.transformer }

  /// Tokens run in one pass.
  private static let chunk = 128

  /// Makes `tokens` the prefix: all but the last are encoded; later passes run the last with the
  /// tokens after it. A start token replaces an empty prefix.
  public func setPrefix(_ tokens: [Int]) throws {
    let tokens = tokens.isEmpty ? [model.adapter.tokens.start] : tokens
    let common = zip(tokens, prefix).prefix { $0 == $1 }.count
    cache.truncate(to: min(cache.count, common, tokens.count - 1))
    prefix = tokens
    try encode(Array(tokens[cache.count..<tokens.count - 1]))
  }

  /// NLL of each of `tokens` after the prefix under the base, in nats.
  public func baseLosses(_ tokens: [Int]) throws -> [Double] {
    guard let last = prefix.last, !tokens.isEmpty else { return [] }
    let rows = [last] + tokens.dropLast()
    let start = cache.count
    try transformer.run(
      ForwardPass(
        rows, positions: rows.indices.map { start + $0 }, context: [ForwardPass.Context(cache)]))
    return try losses(transformer.logits(rows: Array(rows.indices)), tokens)
  }

  /// The base's greedy continuation of the prefix.
  public func continuation(_ count: Int) throws -> [Int] {
    let kept = cache.count
    defer { cache.truncate(to: kept) }
    var result: [Int] = []
    while result.count < count, let last = result.last ?? prefix.last {
      try encode([last])
      let logits = transformer.logits(rows: [0])
      let summaries = transformer.kernels.summarize(logits, [LogitsRow(row: 0)], candidates: 0)
      try transformer.check(summaries)
      result.append(summaries[0].token)
    }
    return result
  }

  /// NLL of the open slots of every passage of a window under the denoiser, in document order. The
  /// passages share the context and do not see each other.
  public func maskedLosses(_ window: TableWindow) throws -> [Double] {
    let tokens = model.adapter.tokens
    let inPassage = Set(window.passages.flatMap { $0.start..<$0.start + $0.length })
    let places = window.document.indices.filter { !inPassage.contains($0) }
    let context = KeyValueCache(transformer.configuration, capacity: places.count)
    try encode(places.map { window.document[$0] }, positions: places, into: context)
    var result: [Double] = []
    for passage in window.passages {
      let before = places.count { $0 < passage.start }
      let open = Set(passage.open)
      let ids = (0..<passage.length).map {
        open.contains($0) ? tokens.mask : window.document[passage.start + $0]
      }
      let copied = before > 0 ? window.document[places[before - 1]] : tokens.start
      // The document's tokens keep their positions: passages have their own lengths here.
      let copiedPosition = before > 0 ? places[before - 1] : max(passage.start - 1, 0)
      try transformer.run(
        ForwardPass(
          [copied] + ids,
          positions: [copiedPosition] + (passage.start..<passage.start + passage.length),
          context: [
            ForwardPass.Context(context, rows: 0..<max(before - 1, 0)),
            ForwardPass.Context(context, rows: before..<context.count),
          ],
          visibility: .custom { row, column in
            row == column || column == 0 || !open.contains(column - 1)
          }, adapter: model.adapter))
      let logits = model.adaptedLogits(rows: passage.open)
      let targets = passage.open.map { window.document[passage.start + $0] }
      result += try losses(logits, targets, banned: [tokens.mask])
    }
    return result
  }

  /// NLL of the `open` slots of a window's middle; the others show their tokens.
  public func maskedLosses(_ window: EvaluationWindow, open: [Int]) throws -> [Double] {
    let start = window.prefix.count
    return try maskedLosses(
      TableWindow(
        table: "", document: window.prefix + window.middle + window.suffix,
        passages: [TableWindow.Passage(start: start, length: window.middle.count, open: open)]))
  }

  private func encode(_ tokens: [Int]) throws {
    let start = cache.count
    try encode(tokens, positions: tokens.indices.map { start + $0 }, into: cache)
  }

  /// Runs the base causally over tokens after those of `target`.
  private func encode(_ tokens: [Int], positions: [Int], into target: KeyValueCache) throws {
    for first in stride(from: 0, to: tokens.count, by: Self.chunk) {
      let rows = first..<min(first + Self.chunk, tokens.count)
      try transformer.run(
        ForwardPass(
          Array(tokens[rows]), positions: Array(positions[rows]),
          context: [ForwardPass.Context(target)], target: target))
    }
  }

  /// NLL of `targets`, one a row of `logits`, which are overwritten.
  private func losses(
    _ logits: Matrix, _ targets: [Int], banned: [Int] = []
  ) throws -> [Double] {
    let chosen = targets.indices.map { Double(logits[$0, targets[$0]]) }
    let summaries = transformer.kernels.summarize(
      logits, targets.indices.map { LogitsRow(row: $0) }, banned: banned, candidates: 0)
    try transformer.check(summaries)
    return zip(chosen, summaries).map { Double($1.logNormalizer) - $0 }
  }
}
