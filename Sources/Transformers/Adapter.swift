public import Checkpoints
internal import Strings
public import Tensors

/// Low-rank weights beside a base model, and norms instead of its norms, for the tokens of a
/// passage. The format is `palimpsest-adapter-1`: y = W x + scale · B (A x).
public final class Adapter {
  public let rank: Int
  public let scale: Float
  public let tokens: AdapterTokens
  /// SHA-256 of the base's file, in lower-case hexadecimal.
  public let baseDigest: String
  let layers: [Layer]
  /// `[1, width]`.
  let finalNorm: Matrix
  /// Input embeddings of MASK, DELETE, EXPAND, `[3, width]`.
  let special: Matrix
  /// Output rows of DELETE and EXPAND, `[2, width]`.
  package let specialHead: LinearWeights
  /// Largest number of rows the low-rank buffers hold, `[rows, rank]` and `[rows, 2 · rank]`.
  private(set) var narrow: Matrix
  private(set) var wide: Matrix

  struct Layer {
    let attentionNorm: Matrix
    let feedForwardNorm: Matrix
    let query: LowRank
    /// Keys and values together: A stacked, B block-diagonal.
    let keyValue: LowRank
    let output: LowRank
    /// Gate and up, as keys and values.
    let gateUp: LowRank
    let down: LowRank
  }

  /// What a product does with its part of the adapter.
  enum LowRank {
    /// A `[rank, in]` and B `[out, rank]`, computed beside the base's product.
    case beside(a: LinearWeights, b: LinearWeights)
    /// W + scale · B A, in the place of W.
    case merged(LinearWeights)

    var merged: LinearWeights? {
      if case .merged(let weights) = self { weights } else { nil }
    }
  }

  /// Bytes of merged weights that are worth it: a model in memory with its span's weights is to
  /// stay below a quarter of a gibibyte for the default model.
  public static let mergeLimit = 112 << 20

  /// Takes the adapter in `checkpoint` for a base of configuration `model`. Throws
  /// `FileError` for one that is damaged, of another format or for another geometry.
  ///
  /// With `base`, the checkpoint of the base, products are merged with it while that takes at most
  /// `mergeLimit` bytes, those first that save most time a byte: attention, then down.
  public init(
    _ checkpoint: Checkpoint, model: ModelConfiguration, kernels: Kernels,
    format: LinearWeights.Format = .f32,
    merging base: Checkpoint? = nil, mergeLimit: Int = Adapter.mergeLimit,
    packed: PackedWeights? = nil
  ) throws {
    let metadata = AdapterMetadata(
      checkpoint.shards.first?.metadata ?? [:], file: checkpoint.path)
    try metadata.require("format", "palimpsest-adapter-1")
    let rank = try metadata.integer("lora.rank", in: 1...4096)
    scale = Float(try metadata.number("lora.scale"))
    tokens = AdapterTokens(
      mask: try metadata.integer("token.mask", in: 0...model.vocabularySize - 1),
      delete: try metadata.integer("token.delete", in: 0...model.vocabularySize - 1),
      expand: try metadata.integer("token.expand", in: 0...model.vocabularySize - 1),
      start: try metadata.integer("token.start", in: 0...model.vocabularySize - 1))
    baseDigest = try metadata.string("base.sha256")
    self.rank = rank
    let loader = WeightLoader(
      checkpoint: checkpoint, kernels: kernels, format: format, interleavedHeadSize: nil,
      packed: packed)
    let scale = scale
    let merging = try base.map {
      try AdapterMerging(
        $0, model, kernels: kernels, format: format, scale: scale, limit: mergeLimit,
        packed: packed)
    }
    layers = try (0..<model.layers).map { try Layer(loader, $0, rank, model, merging) }
    base?.releasePages()
    finalNorm = try loader.vector("output_norm", model.width)
    let special = try loader.tensor("token_embd.special", [3, model.width])
    self.special = Matrix(special)
    specialHead = loader.pack(special.rows(1..<3))
    narrow = Matrix(rows: 0, columns: rank)
    wide = Matrix(rows: 0, columns: 2 * rank)
  }

  /// Reads the adapter at `path`.
  public convenience init(
    path: String, model: ModelConfiguration, kernels: Kernels, format: LinearWeights.Format = .f32,
    merging base: Checkpoint? = nil, mergeLimit: Int = Adapter.mergeLimit,
    packed: PackedWeights? = nil
  ) throws {
    try self.init(
      Checkpoint.open(path), model: model, kernels: kernels, format: format, merging: base,
      mergeLimit: mergeLimit, packed: packed)
  }

  func reserve(_ rows: Int) {
    guard narrow.rows < rows else { return }
    narrow = Matrix(rows: rows, columns: rank)
    wide = Matrix(rows: rows, columns: 2 * rank)
  }
}

/// Ids with a meaning in a passage.
public struct AdapterTokens: Sendable, Equatable {
  public var mask: Int
  public var delete: Int
  public var expand: Int
  /// Stands for the token before a passage at the beginning of the document.
  public var start: Int

  public init(mask: Int, delete: Int, expand: Int, start: Int) {
    self.mask = mask
    self.delete = delete
    self.expand = expand
    self.start = start
  }

  /// The ids that mean a mask, a surplus slot and two slots for one.
  public var slotTokens: [Int] { [mask, delete, expand] }
}

extension Adapter.Layer {
  init(
    _ loader: WeightLoader, _ index: Int, _ rank: Int, _ model: ModelConfiguration,
    _ merging: AdapterMerging?
  ) throws {
    func factors(_ name: String, _ output: Int, _ input: Int) throws -> (a: Tensor, b: Tensor) {
      (
        try loader.tensor("blk.\(index).\(name).lora_a", [rank, input]),
        try loader.tensor("blk.\(index).\(name).lora_b", [output, rank])
      )
    }
    func lowRank(_ name: String, _ output: Int, _ input: Int) throws -> Adapter.LowRank {
      let (a, b) = try factors(name, output, input)
      if let merging, let tensors = try merging.tensors(name, layer: index) {
        return .merged(merging.pack(tensors, [(a, b)]))
      }
      return .beside(a: loader.pack(a), b: loader.pack(b))
    }
    let (width, inner) = (model.width, model.feedForwardWidth)
    /// Two products of one input, stacked: A stacked, too, B block-diagonal.
    func pair(_ name: String, _ parts: (String, String), _ output: Int) throws -> Adapter.LowRank {
      let first = try factors(parts.0, output, width)
      let second = try factors(parts.1, output, width)
      if let merging, let tensors = try merging.tensors(name, layer: index) {
        return .merged(merging.pack(tensors, [first, second]))
      }
      return .beside(
        a: loader.pack(first.a, second.a), b: loader.pack(Self.blockDiagonal(first.b, second.b)))
    }
    attentionNorm = try loader.vector("blk.\(index).attn_norm", width)
    feedForwardNorm = try loader.vector("blk.\(index).ffn_norm", width)
    query = try lowRank("attn_q", model.queryWidth, width)
    keyValue = try pair("attn_kv", ("attn_k", "attn_v"), model.keyWidth)
    output = try lowRank("attn_output", width, model.queryWidth)
    gateUp = try pair("ffn_gate_up", ("ffn_gate", "ffn_up"), inner)
    down = try lowRank("ffn_down", width, inner)
  }

  /// The matrix with `first` at the upper left, `second` at the lower right, zeros elsewhere.
  private static func blockDiagonal(_ first: Tensor, _ second: Tensor) -> Tensor {
    let columns = first.columns + second.columns
    var values: [Float] = []
    values.reserveCapacity((first.rows + second.rows) * columns)
    for row in 0..<first.rows {
      values += first.row(row) + [Float](repeating: 0, count: second.columns)
    }
    for row in 0..<second.rows {
      values += [Float](repeating: 0, count: first.columns) + second.row(row)
    }
    return Tensor(values, shape: [first.rows + second.rows, columns])
  }
}

/// Typed access to the string metadata of an adapter.
struct AdapterMetadata {
  let values: [String: String]
  let file: String

  init(_ values: [String: String], file: String) {
    self.values = values
    self.file = file
  }

  func string(_ key: String) throws(FileError) -> String {
    guard let value = values[key] else { throw failure(key, "a value", "nothing") }
    return value
  }

  func require(_ key: String, _ expected: String) throws(FileError) {
    let found = values[key] ?? "nothing"
    guard found == expected else { throw failure(key, expected, found) }
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int {
    let text = try string(key)
    guard let value = Int(text), range.contains(value) else {
      throw failure(key, "an integer in \(range)", text)
    }
    return value
  }

  func number(_ key: String) throws(FileError) -> Double {
    let text = try string(key)
    guard let value = Double(text), Float(value).isFinite else {
      throw failure(key, "a number in the range of fp32", text)
    }
    return value
  }

  private func failure(_ key: String, _ expected: String, _ found: String) -> FileError {
    FileError(file: file, place: "metadata \(key)", expected: expected, found: found)
  }
}
