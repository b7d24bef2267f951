public import Transformers

/// A model and the keys and values of the text so far: what a generator keeps between passes.
/// Confined to one engine.
public final class DecodingContext {
  public let model: ForwardModel
  /// Keys and values of the tokens at positions 0..<cache.count.
  let cache: KeyValueCache
  private let onLayer: (Int) throws -> Void

  /// Causal text is read in parts of this many tokens: bounds the buffers.
  private static let chunk = 128

  /// - Parameters:
  ///   - capacity: tokens expected; more may come.
  ///   - onLayer: called before each layer of each pass; throws to cancel the work.
  public init(
    _ model: ForwardModel, capacity: Int = 64,
    onLayer: @escaping (Int) throws -> Void = { _ in }
  ) {
    self.model = model
    self.onLayer = onLayer
    cache = KeyValueCache(model.configuration, capacity: capacity)
  }

  public var configuration: ModelConfiguration { model.configuration }

  /// Tokens whose keys and values are kept.
  public var count: Int { cache.count }

  /// Begins with the keys and values of `text`, which begins the prompt, as far as it is encoded;
  /// the last token's are left out, since a prompt's last token is always read. Of an empty
  /// context.
  public func adopt(_ text: CachedPrompt) {
    precondition(cache.count == 0 && text.firstPosition == 0 && text.before == nil)
    cache.copy(text.cache, count: min(text.cache.count, max(0, text.tokens.count - 1)))
  }

  /// Forgets the tokens from `count` on. O(1).
  public func truncate(to count: Int) { cache.truncate(to: count) }

  /// Brings the cache up to `text`, whose beginning it holds, causally. Returns the rows of the
  /// last pass, whose last one predicts the token after `text`. Cancelled, it keeps what is done.
  func read(_ text: [Int]) throws -> Int {
    precondition(
      cache.count < text.count, "\(cache.count) of \(text.count) tokens are read already")
    var rows = 0
    while cache.count < text.count {
      let part = Array(text[cache.count..<min(text.count, cache.count + Self.chunk)])
      try run(part, keeps: true, outputRows: [part.count - 1])
      rows = part.count
    }
    return rows
  }

  /// Runs tokens after the kept ones, which they all see; `outputRows` as in a `ForwardPass`.
  func run(
    _ tokens: [Int], positions: [Int]? = nil, visibility: ForwardPass.Visibility = .causal,
    keeps: Bool = false, outputRows: [Int]? = nil, drafter: Drafter? = nil, adapter: Adapter? = nil
  ) throws {
    let first = cache.count
    try run(
      ForwardPass(
        tokens, positions: positions ?? Array(first..<first + tokens.count),
        context: [ForwardPass.Context(cache)], visibility: visibility,
        target: keeps ? cache : nil, outputRows: outputRows, adapter: adapter, drafter: drafter))
  }

  func run(_ pass: ForwardPass) throws { try model.run(pass, onLayer: onLayer) }

  /// The head with the logits of the given rows of the last pass in its first rows. They are valid
  /// until the next call.
  func logits(rows: [Int], adapter: Adapter? = nil) -> LogitsHead {
    model.logits(rows: rows, adapter: adapter)
  }
}
