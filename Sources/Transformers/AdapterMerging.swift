internal import Checkpoints
internal import Tensors

/// Makes W + scale · B A of an adapter's products, packed, where that is worth its memory.
struct AdapterMerging {
  private let loader: WeightLoader
  private let names: TensorNames
  private let model: ModelConfiguration
  private let scale: Float
  /// Products to merge, by their names in adapters; keys and values are one, `attn_kv`, and gate
  /// and up, `ffn_gate_up`.
  private let products: Set<String>

  init(
    _ base: Checkpoint, _ model: ModelConfiguration, kernels: Kernels,
    format: LinearWeights.Format, scale: Float, limit: Int, packed: PackedWeights?
  ) throws {
    let (family, _) = try ModelFamily.identify(base)
    names = family.tensorNames(in: base)
    let interleaved = base.gguf != nil && family.ggufInterleavesRotary
    loader = WeightLoader(
      checkpoint: base, kernels: kernels, format: format == .int4 ? .int8 : format,
      interleavedHeadSize: interleaved ? model.headSize : nil, packed: packed)
    self.model = model
    self.scale = scale
    let (width, inner) = (model.width, model.feedForwardWidth)
    // What a product costs unmerged grows with in + out, what merging takes with in · out.
    let sizes = [
      ("attn_kv", 2 * model.keyWidth * width), ("attn_q", model.queryWidth * width),
      ("attn_output", width * model.queryWidth), ("ffn_down", width * inner),
      ("ffn_gate_up", 2 * inner * width),
    ]
    var rest = limit
    var products: Set<String> = []
    for (name, size) in sizes {
      let bytes =
        switch format {
        case .f32: size * 4
        case .bf16: size * 2
        // 8 bits and a scale for 64 of them.
        case .int8, .int4: size + size / 16
        }
      if bytes * model.layers <= rest {
        rest -= bytes * model.layers
        products.insert(name)
      }
    }
    self.products = products
  }

  /// The base's matrices of a product, nil where it is not merged.
  func tensors(_ product: String, layer index: Int) throws -> [Tensor]? {
    guard products.contains(product) else { return nil }
    let layer = names.layer(index)
    guard layer.fusedQueryKeyValue == nil else { return nil }
    let (width, inner) = (model.width, model.feedForwardWidth)
    func plain(_ name: String, _ rows: Int, _ columns: Int) throws -> [Tensor] {
      [try loader.tensor("\(name).weight", [rows, columns])]
    }
    switch product {
    case "attn_q": return [try loader.rotated(layer.query, model.queryWidth, width)]
    case "attn_kv":
      return [try loader.rotated(layer.key, model.keyWidth, width)]
        + (try plain(layer.value, model.keyWidth, width))
    case "attn_output": return try plain(layer.output, width, model.queryWidth)
    case "ffn_gate_up":
      return try plain(layer.gate, inner, width) + plain(layer.up, inner, width)
    case "ffn_down": return try plain(layer.down, width, inner)
    default: return nil
    }
  }

  func pack(_ tensors: [Tensor], _ factors: [(a: Tensor, b: Tensor)]) -> LinearWeights {
    loader.pack(
      tensors, adding: { factors.map { LowRankTerm(a: $0.a, b: $0.b, scale: scale) } })
  }
}
