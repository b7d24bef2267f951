internal import Checkpoints
internal import JSON
public import Pictures
internal import Strings

/// Geometry of the vision tower of a checkpoint, of Pixtral's kind, and of what leads from it to the
/// text model.
public struct VisionConfiguration: Sendable, Equatable {
  /// Columns of the tower's residual stream.
  public var width: Int
  /// Columns inside the feed-forward.
  public var feedForwardWidth: Int
  public var layers: Int
  public var heads: Int
  public var headSize: Int
  /// Pixels of the edge of a patch.
  public var patchSize: Int
  /// Patches of the edge of a cell, which becomes one row of the text model.
  public var mergeSize: Int
  /// Longest edge in pixels that the tower was made for.
  public var imageSize: Int
  public var theta: Double
  /// Columns of the text model.
  public var textWidth: Int
  /// Of the projector's norm: that of the text model. The tower's is `towerEpsilon`.
  public var projectorEpsilon: Float

  /// `PixtralRMSNorm` has this constant, which no configuration names.
  static let towerEpsilon: Float = 1e-5
  /// Along an edge: attention takes the square of their square.
  static let mostPatches = 256
  /// Red, green, blue.
  static let channels = 3

  /// Pixels of the edge of a cell.
  public var cellSize: Int { patchSize * mergeSize }

  /// Reads `vision_config` and the projector's keys of a text model of `textWidth` columns.
  init(_ reader: ConfigurationReader, textWidth: Int, normEpsilon: Float) throws {
    for (key, value) in [
      ("projector_hidden_act", "gelu"), ("multimodal_projector_bias", false),
      ("vision_feature_layer", -1),
    ] as [(String, JSONValue)] {
      try reader.require(key, is: value)
    }
    guard let inner = try reader.object("vision_config") else {
      throw FileError(
        file: reader.file, place: "vision_config", expected: "an object", found: "nothing")
    }
    for (key, value) in [
      ("model_type", "pixtral"), ("hidden_act", "silu"), ("num_channels", 3),
    ] as [(String, JSONValue)] {
      try inner.require(key, is: value)
    }
    let rotary = try inner.object("rope_parameters")
    width = try inner.integer("hidden_size")
    feedForwardWidth = try inner.integer("intermediate_size")
    layers = try inner.integer("num_hidden_layers", in: 1...1024)
    heads = try inner.integer("num_attention_heads")
    headSize = try inner.integerIfPresent("head_dim") ?? width / heads
    patchSize = try inner.integer("patch_size", in: 1...64)
    mergeSize = try reader.integer("spatial_merge_size", in: 1...8)
    imageSize = try inner.integer("image_size", in: 1...1 << 14)
    theta =
      try rotary?.numberIfPresent("rope_theta", in: RotaryConfiguration.bases)
      ?? inner.numberIfPresent("rope_theta", in: RotaryConfiguration.bases) ?? 10_000
    self.textWidth = textWidth
    projectorEpsilon = normEpsilon
    guard heads * headSize == width, headSize.isMultiple(of: 4) else {
      throw FileError(
        file: reader.file, place: "vision_config heads",
        expected: "heads of a multiple of 4 columns that make up \(width)",
        found: "\(heads) of \(headSize) columns")
    }
    guard cellSize <= imageSize, imageSize / patchSize <= Self.mostPatches else {
      throw FileError(
        file: reader.file, place: "image_size",
        expected: "\(cellSize)...\(patchSize * Self.mostPatches), as patches of \(patchSize) allow",
        found: "\(imageSize)")
    }
  }

  /// The cells of a picture whose longest edge is shrunk to `longestEdge` pixels, or to what the tower
  /// was made for.
  public func grid(of size: PictureSize, longestEdge: Int) -> PictureGrid {
    PictureGrid(size, longestEdge: min(longestEdge, imageSize), cell: cellSize)
  }

  /// Weights of tower and projector. O(1).
  public var parameters: Int {
    let tower = width * (Self.channels * patchSize * patchSize + 1)
    let layer = 4 * width * width + 3 * width * feedForwardWidth + 2 * width
    let merge = width + mergeSize * mergeSize * width * width
    return tower + layers * layer + merge + textWidth * (width + textWidth)
  }
}
