internal import Checkpoints
internal import Pictures
internal import Tensors

/// The vision tower of Pixtral: patches of a picture through pre-norm blocks in which each sees all,
/// turned by row and column. Without class token, learned positions or final norm. Follows
/// `PixtralVisionModel` of transformers.
struct PixtralTower {
  private let configuration: VisionConfiguration
  private let kernels: Kernels
  private let format: LinearWeights.Format
  /// `[width, 3 · patchSize²]`, in fp32: pixels are not made for rounding.
  private let patches: LinearWeights
  /// `[1, width]`.
  private let firstNorm: Matrix
  private let layers: [Layer]

  struct Layer {
    /// `[1, width]`.
    let attentionNorm: Matrix
    let feedForwardNorm: Matrix
    /// `[width, width]`.
    let query: LinearWeights
    /// Keys above values, `[2 · width, width]`.
    let keyValue: LinearWeights
    let output: LinearWeights
    let feedForward: DenseFeedForward
  }

  /// Rows that pass through a feed-forward together: bounds its buffers.
  private static let chunk = 256

  init(_ loader: WeightLoader, prefix: String, _ configuration: VisionConfiguration) throws {
    self.configuration = configuration
    kernels = loader.kernels
    format = loader.format
    let (width, inner) = (configuration.width, configuration.feedForwardWidth)
    let (size, channels) = (configuration.patchSize, VisionConfiguration.channels)
    var exact = loader
    exact.format = .f32
    patches = exact.pack(
      try loader.tensor("\(prefix).patch_conv.weight", [width, channels, size, size])
        .reshaped([width, channels * size * size]))
    firstNorm = try loader.vector("\(prefix).ln_pre", width)
    layers = try (0..<configuration.layers).map { index in
      let name = "\(prefix).transformer.layers.\(index)"
      defer { loader.checkpoint.releasePages() }
      func square(_ part: String) throws -> Tensor {
        try loader.tensor("\(name).attention.\(part).weight", [width, width])
      }
      return Layer(
        attentionNorm: try loader.vector("\(name).attention_norm", width),
        feedForwardNorm: try loader.vector("\(name).ffn_norm", width),
        query: loader.pack(try square("q_proj")),
        keyValue: loader.pack(try square("k_proj"), try square("v_proj")),
        output: loader.pack(try square("o_proj")),
        feedForward: DenseFeedForward(
          gateUp: loader.pack(
            try loader.tensor("\(name).feed_forward.gate_proj.weight", [inner, width]),
            try loader.tensor("\(name).feed_forward.up_proj.weight", [inner, width])),
          down: try loader.linear("\(name).feed_forward.down_proj", width, inner)))
    }
  }

  var layerCount: Int { layers.count }

  /// Bytes of the packed weights.
  var byteCount: Int {
    layers.reduce(patches.byteCount) {
      $0 + $1.query.byteCount + $1.keyValue.byteCount + $1.output.byteCount
        + $1.feedForward.byteCount
    }
  }

  /// The buffers of one picture, and its patches as they enter the first layer.
  func begin(_ pixels: PicturePixels) -> Pass {
    let pass = Pass(pixels, configuration, format: format, kernels: kernels)
    let raw = patches(of: pixels, rows: pass.rows, columns: pass.columns)
    kernels.linear(raw, rows: raw.rows, patches, into: pass.hidden)
    kernels.rmsNorm(
      pass.hidden, rows: raw.rows, weight: firstNorm, epsilon: VisionConfiguration.towerEpsilon,
      into: pass.hidden)
    return pass
  }

  /// One picture on its way through the layers.
  final class Pass {
    /// Of the grid of patches.
    let rows: Int
    let columns: Int
    /// The residual stream, `[rows · columns, width]`.
    let hidden: Matrix
    fileprivate let query: Matrix
    /// `[rows · columns, 2 · width]`.
    fileprivate let keyValue: Matrix
    fileprivate let attended: Matrix
    fileprivate let angles: RotaryAngles
    /// A part of `hidden`, itself and normalised, `[chunk, width]`.
    fileprivate let part: Matrix
    fileprivate let normed: QuantizedActivations
    /// `[chunk, 2 · feedForwardWidth]` and `[chunk, feedForwardWidth]`.
    fileprivate let gateUp: Matrix
    fileprivate let inner: QuantizedActivations

    fileprivate init(
      _ pixels: PicturePixels, _ model: VisionConfiguration, format: LinearWeights.Format,
      kernels: Kernels
    ) {
      rows = pixels.height / model.patchSize
      columns = pixels.width / model.patchSize
      let count = rows * columns
      let part = min(count, PixtralTower.chunk)
      hidden = Matrix(rows: count, columns: model.width)
      query = Matrix(rows: count, columns: model.width)
      keyValue = Matrix(rows: count, columns: 2 * model.width)
      attended = Matrix(rows: count, columns: model.width)
      // Even frequencies turn by the row, odd ones by the column.
      let frequencies = RotaryAngles.frequencies(theta: model.theta, rotary: model.headSize)
      let pairs = stride(from: 0, to: frequencies.count, by: 2)
      angles = RotaryAngles(
        frequencies: pairs.map { frequencies[$0] } + pairs.map { frequencies[$0 + 1] },
        capacity: count)
      angles.set(gridRows: rows, columns: columns)
      self.part = Matrix(rows: part, columns: model.width)
      normed = QuantizedActivations(
        rows: part, columns: model.width, format: format, kernels: kernels)
      gateUp = Matrix(rows: part, columns: 2 * model.feedForwardWidth)
      inner = QuantizedActivations(
        rows: part, columns: model.feedForwardWidth, format: format, kernels: kernels)
    }

    /// Calls `body` with the first row and the number of rows of each part of the patches.
    fileprivate func forEachPart(_ body: (Int, Int) -> Void) {
      for first in stride(from: 0, to: hidden.rows, by: part.rows) {
        body(first, min(part.rows, hidden.rows - first))
      }
    }
  }

  func run(layer index: Int, _ pass: Pass) {
    let layer = layers[index]
    let (width, heads, headSize) = (
      configuration.width, configuration.heads, configuration.headSize
    )
    let count = pass.hidden.rows
    pass.forEachPart { first, rows in
      normalize(pass, first, rows, layer.attentionNorm)
      kernels.linear(pass.normed, rows: rows, layer.query, into: pass.query, at: first)
      kernels.linear(pass.normed, rows: rows, layer.keyValue, into: pass.keyValue, at: first)
    }
    for matrix in [pass.query, pass.keyValue] {
      kernels.rotate(matrix, rows: count, heads: heads, headSize: headSize, by: pass.angles)
    }
    kernels.attention(
      pass.query, rows: count, heads: heads, keyValueHeads: heads, headSize: headSize,
      segments: [
        AttentionSegment(
          keys: pass.keyValue, values: pass.keyValue, rows: 0..<count, valueColumn: width)
      ], precision: format == .f32 ? .full : .rounded, into: pass.attended)
    kernels.linear(
      pass.attended, rows: count, layer.output, into: pass.hidden, accumulate: true)
    pass.forEachPart { first, rows in
      normalize(pass, first, rows, layer.feedForwardNorm)
      kernels.gatedLinear(
        pass.normed, rows: rows, layer.feedForward.gateUp, gateUp: pass.gateUp, into: pass.inner)
      kernels.linear(
        pass.inner, rows: rows, layer.feedForward.down, into: pass.hidden, at: first,
        accumulate: true)
    }
  }

  private func normalize(_ pass: Pass, _ first: Int, _ rows: Int, _ weight: Matrix) {
    pass.part.copyRows(first..<first + rows, of: pass.hidden, to: 0)
    kernels.rmsNorm(
      pass.part, rows: rows, weight: weight, epsilon: VisionConfiguration.towerEpsilon,
      into: pass.normed)
  }

  /// The patches in raster order, each flattened by channel, row and column:
  /// `[rows · columns, 3 · patchSize²]`.
  private func patches(of pixels: PicturePixels, rows: Int, columns: Int) -> Matrix {
    let size = configuration.patchSize
    let result = Matrix(
      rows: rows * columns, columns: VisionConfiguration.channels * size * size)
    for row in 0..<rows {
      for column in 0..<columns {
        var values: [Float] = []
        values.reserveCapacity(result.columns)
        for channel in 0..<VisionConfiguration.channels {
          for y in 0..<size {
            let start =
              (channel * pixels.height + row * size + y) * pixels.width + column * size
            values += pixels.values[start..<start + size]
          }
        }
        result.setRow(row * columns + column, values)
      }
    }
    return result
  }
}
