internal import Checkpoints
public import Pictures
public import Tensors
internal import Strings

/// Tower and projector of a checkpoint that sees pictures: pixels to rows of the text model. Confined
/// to the engine of its transformer.
public final class PictureEncoder {
  public let configuration: VisionConfiguration
  private let tower: PixtralTower
  private let projector: PictureProjector
  /// Of the checkpoint, for errors.
  private let path: String

  /// Reads and packs the weights below `prefix`.
  init(_ loader: WeightLoader, prefix: String, _ configuration: VisionConfiguration) throws {
    self.configuration = configuration
    path = loader.checkpoint.path
    tower = try PixtralTower(loader, prefix: "\(prefix).vision_tower", configuration)
    projector = try PictureProjector(
      loader, prefix: "\(prefix).multi_modal_projector", configuration)
  }

  /// Bytes of the packed weights.
  public var byteCount: Int { tower.byteCount + projector.byteCount }

  /// Begins with a picture; traps unless it is whole cells.
  public func begin(_ pixels: PicturePixels) -> Run {
    let cell = configuration.cellSize
    precondition(
      pixels.width.isMultiple(of: cell) && pixels.height.isMultiple(of: cell),
      "\(pixels.width) by \(pixels.height) pixels in cells of \(cell)")
    return Run(self, tower.begin(pixels))
  }

  /// One picture, layer by layer: whoever runs it may stop, or do something else, between two.
  public final class Run {
    private let encoder: PictureEncoder
    private let pass: PixtralTower.Pass
    private var layer = 0

    fileprivate init(_ encoder: PictureEncoder, _ pass: PixtralTower.Pass) {
      self.encoder = encoder
      self.pass = pass
    }

    /// Share done, 0...1.
    public var progress: Double { Double(layer) / Double(encoder.tower.layerCount + 1) }

    /// The residual stream, `[patches, width]`: as it enters the next layer. For inspection.
    public var hidden: Matrix { pass.hidden }

    /// Runs the next layer; false once all are run.
    public func advance() -> Bool {
      guard layer < encoder.tower.layerCount else { return false }
      encoder.tower.run(layer: layer, pass)
      layer += 1
      return true
    }

    /// The rows of the picture's cells, `[cells, textWidth]`, once all layers are run. Called once.
    /// Throws where weights make NaN or infinity.
    public func finish() throws -> Matrix {
      precondition(layer == encoder.tower.layerCount, "a picture in layer \(layer)")
      let rows = encoder.projector.project(pass.hidden, rows: pass.rows, columns: pass.columns)
      guard rows.firstRowNotFinite(below: rows.rows) == nil else {
        throw FileError(
          file: encoder.path, place: "vision tower", expected: "finite activations",
          found: "NaN or infinity")
      }
      return rows
    }
  }
}
