internal import Tensors

/// Steps of a model of 8 billion parameters with random weights, in the geometry of Qwen3-8B: as
/// many layers as a share of the memory holds, run in turn so that each is read from memory, and
/// the head; the time of all layers is that of these, multiplied.
struct LargeModel {
  static let width = 4096
  static let inner = 12_288
  static let heads = 32
  static let keyValueHeads = 8
  static let headSize = 128
  static let layers = 36
  static let vocabulary = 151_936
  /// Layers that are measured.
  static let measured = 4

  private struct Layer {
    let query: LinearWeights
    let keyValue: LinearWeights
    let output: LinearWeights
    let gateUp: LinearWeights
    let down: LinearWeights

    var all: [LinearWeights] { [query, keyValue, output, gateUp, down] }
  }

  private let kernels: Kernels
  private let format: LinearWeights.Format
  private let layers: [Layer]
  private let head: LinearWeights

  /// Takes some 2 GB with 8 bits, and seconds.
  init(_ kernels: Kernels, format: LinearWeights.Format) {
    self.kernels = kernels
    self.format = format
    func weights(_ rows: Int, _ columns: Int) -> LinearWeights {
      LinearWeights(randomRows: rows, columns: columns, format: format, kernels: kernels)
    }
    let queryWidth = Self.heads * Self.headSize
    layers = (0..<Self.measured).map { _ in
      Layer(
        query: weights(queryWidth, Self.width),
        keyValue: weights(2 * Self.keyValueHeads * Self.headSize, Self.width),
        output: weights(Self.width, queryWidth), gateUp: weights(2 * Self.inner, Self.width),
        down: weights(Self.width, Self.inner))
    }
    head = weights(Self.vocabulary, Self.width)
  }

  /// Bytes of the weights of all layers and the head.
  var bytes: Double {
    let layer = layers[0].all.reduce(0) { $0 + $1.byteCount }
    return Double(layer * Self.layers + head.byteCount)
  }

  func step(slots: Int, context: Int, seconds: Double, name: String) -> BenchRow {
    let rows = slots + 1
    let keyWidth = Self.keyValueHeads * Self.headSize
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      let matrix = Matrix(rows: rows, columns: columns)
      matrix.fill(0.01)
      return matrix
    }
    func input(_ columns: Int) -> LinearInput {
      LinearInput(rows: rows, columns: columns, format: format, kernels: kernels)
    }
    let queryWidth = Self.heads * Self.headSize
    let (hidden, normed) = (matrix(rows, Self.width), input(Self.width))
    let (query, attended) = (matrix(rows, queryWidth), input(queryWidth))
    let cache = matrix(context + rows, 2 * keyWidth)
    let (gateUp, inner) = (matrix(rows, 2 * Self.inner), input(Self.inner))
    let logits = matrix(slots, Self.vocabulary)
    let norm = matrix(1, Self.width)
    let angles = RotaryAngles(
      frequencies: RotaryAngles.frequencies(theta: 1e6, rotary: Self.headSize), capacity: rows)
    angles.set(positions: Array(context..<context + rows))
    let plan = AttentionPlan()
    plan.addGroup(0..<rows)
    plan.addSegment(
      AttentionSegment(
        keys: cache, values: cache, rows: 0..<context + rows, valueColumn: keyWidth))

    func run(_ layer: Layer) {
      kernels.rmsNorm(hidden, rows: rows, weight: norm, epsilon: 1e-6, into: normed)
      kernels.linear(
        normed, rows: rows, layer.query, into: query, layer.keyValue, into: cache, at: context)
      kernels.rotate(query, rows: rows, heads: Self.heads, headSize: Self.headSize, by: angles)
      kernels.rotate(
        cache, from: context, rows: rows, heads: Self.keyValueHeads, headSize: Self.headSize,
        by: angles)
      kernels.attention(
        query, heads: Self.heads, keyValueHeads: Self.keyValueHeads, headSize: Self.headSize,
        plan, precision: .rounded, into: attended)
      kernels.linear(attended, rows: rows, layer.output, into: hidden)
      kernels.rmsNorm(hidden, rows: rows, weight: norm, epsilon: 1e-6, into: normed)
      kernels.gatedLinear(normed, rows: rows, layer.gateUp, gateUp: gateUp, into: inner)
      kernels.linear(inner, rows: rows, layer.down, into: hidden)
    }
    let samples = Samples.measure(seconds: seconds) {
      let layerTime = milliseconds { for layer in layers { run(layer) } }
      let headTime = milliseconds {
        kernels.linear(normed, rows: slots, head, into: logits)
        _ = kernels.summarize(logits, (0..<slots).map { .init(row: $0) })
      }
      return layerTime * Double(Self.layers) / Double(Self.measured) + headTime
    }
    return BenchRow(
      name: name, slots: slots, context: context, samples: samples,
      products: Double(rows * Self.layers)
        * layers[0].all.reduce(0.0) {
          $0 + Double($1.rows * $1.columns)
        } + Double(slots * head.rows * head.columns), bytes: bytes)
  }
}
