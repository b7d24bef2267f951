internal import Tensors

/// From patches to rows of the text model: a norm, the patches of a cell merged by a learned matrix,
/// two products with a GELU between. Follows `Mistral3MultiModalProjector` of transformers.
struct PictureProjector {
  private let configuration: VisionConfiguration
  private let kernels: Kernels
  /// `[1, width]`.
  private let norm: Matrix
  /// `[width, mergeSize² · width]`.
  private let merging: LinearWeights
  /// `[textWidth, width]` and `[textWidth, textWidth]`.
  private let first: LinearWeights
  private let second: LinearWeights

  init(_ loader: WeightLoader, prefix: String, _ configuration: VisionConfiguration) throws {
    self.configuration = configuration
    kernels = loader.kernels
    let (width, textWidth) = (configuration.width, configuration.textWidth)
    let patches = configuration.mergeSize * configuration.mergeSize
    norm = try loader.vector("\(prefix).norm", width)
    merging = try loader.linear("\(prefix).patch_merger.merging_layer", width, patches * width)
    first = try loader.linear("\(prefix).linear_1", textWidth, width)
    second = try loader.linear("\(prefix).linear_2", textWidth, textWidth)
  }

  /// Bytes of the packed weights.
  var byteCount: Int { merging.byteCount + first.byteCount + second.byteCount }

  /// The rows of the cells in raster order, `[cells, textWidth]`, from patches `[rows · columns,
  /// width]` as the tower leaves them, which are overwritten.
  func project(_ patches: Matrix, rows: Int, columns: Int) -> Matrix {
    kernels.rmsNorm(
      patches, rows: patches.rows, weight: norm, epsilon: configuration.projectorEpsilon,
      into: patches)
    let size = configuration.mergeSize
    let cells = (rows / size) * (columns / size)
    let merged = Matrix(rows: cells, columns: configuration.width)
    let inner = Matrix(rows: cells, columns: configuration.textWidth)
    let result = Matrix(rows: cells, columns: configuration.textWidth)
    kernels.linear(
      unfolded(patches, rows: rows, columns: columns), rows: cells, merging, into: merged)
    kernels.linear(merged, rows: cells, first, into: inner)
    inner.applyGELU(rows: cells)
    kernels.linear(inner, rows: cells, second, into: result)
    return result
  }

  /// The patches of each cell in one row: for each column of the tower those of the cell in raster
  /// order, as `torch.nn.functional.unfold` does.
  private func unfolded(_ patches: Matrix, rows: Int, columns: Int) -> Matrix {
    let size = configuration.mergeSize
    let count = size * size
    let across = columns / size
    let result = Matrix(
      rows: (rows / size) * across, columns: count * configuration.width)
    var values = [Float](repeating: 0, count: result.columns)
    for cell in 0..<result.rows {
      let (row, column) = cell.quotientAndRemainder(dividingBy: across)
      for part in 0..<count {
        let (y, x) = part.quotientAndRemainder(dividingBy: size)
        let patch = patches.row((row * size + y) * columns + column * size + x)
        for index in patch.indices { values[index * count + part] = patch[index] }
      }
      result.setRow(cell, values)
    }
    return result
  }
}
