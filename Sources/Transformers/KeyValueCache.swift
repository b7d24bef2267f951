internal import Tensors

/// Keys (rotated) and values of a run of tokens, for every layer. Row j of a layer holds the keys
/// of all heads of token j, then its values: `[capacity, 2 · keyWidth]`.
///
/// A reference type, confined to the engine that fills it.
public final class KeyValueCache {
  /// Tokens held.
  public private(set) var count = 0
  public private(set) var capacity: Int
  let keyWidth: Int
  private(set) var layers: [Matrix]
  /// What of each layer is rounded for attention.
  let rounded: [QuantizedKVCache]

  /// An empty cache for `capacity` tokens; it grows when more come.
  /// Memory: layers · capacity · 2 · keyWidth · 4 bytes, and half of that where attention rounds.
  public init(_ model: ModelConfiguration, capacity: Int) {
    precondition(capacity >= 0, "cache of \(capacity) tokens")
    self.capacity = capacity
    keyWidth = model.keyWidth
    let width = 2 * model.keyWidth
    layers = (0..<model.layers).map { _ in Matrix(rows: capacity, columns: width) }
    rounded = layers.map { _ in
      QuantizedKVCache(keyValueHeads: model.keyValueHeads, headSize: model.headSize)
    }
  }

  /// Drops the tokens from `count` on. O(1).
  public func truncate(to count: Int) {
    precondition((0...self.count).contains(count), "truncating \(self.count) tokens to \(count)")
    self.count = count
    forgetQuantized(from: count)
  }

  /// Lets rows from `row` on be quantised again: they may change.
  func forgetQuantized(from row: Int) {
    for layer in rounded.indices { rounded[layer].forget(from: row) }
  }

  /// Makes room for `rows` more tokens; at least doubles where it grows.
  func reserve(_ rows: Int) {
    guard count + rows > capacity else { return }
    let grown = max(count + rows, 2 * capacity)
    layers = layers.map { old in
      let new = Matrix(rows: grown, columns: old.columns)
      new.copyRows(0..<count, of: old, to: 0)
      return new
    }
    capacity = grown
  }

  /// Makes this cache the first `count` tokens of `other`.
  package func copy(_ other: KeyValueCache, count: Int) {
    truncate(to: 0)
    reserve(count)
    for (layer, source) in zip(layers, other.layers) {
      layer.copyRows(0..<count, of: source, to: 0)
    }
    self.count = count
  }

  /// Replaces the tokens from `row` on by all of `other`'s.
  package func overwrite(from row: Int, with other: KeyValueCache) {
    precondition(row + other.count <= count, "\(other.count) rows at \(row) of \(count)")
    forgetQuantized(from: row)
    for (layer, source) in zip(layers, other.layers) {
      layer.copyRows(0..<other.count, of: source, to: row)
    }
  }

  /// Counts `rows` rows that a pass has written after the held ones.
  func extend(by rows: Int) {
    precondition(count + rows <= capacity, "\(rows) rows after \(count) of \(capacity)")
    count += rows
  }

  /// Keys of a token in a layer as `[keyValueHeads · headSize]`, and its values. For inspection.
  public func row(_ index: Int, layer: Int) -> (keys: [Float], values: [Float]) {
    let row = layers[layer].row(index)
    return (Array(row[..<keyWidth]), Array(row[keyWidth...]))
  }
}
