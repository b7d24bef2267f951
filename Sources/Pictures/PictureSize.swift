/// Width and height of a picture in pixels.
public struct PictureSize: Sendable, Equatable {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  public var pixels: Int { width * height }
}

/// The cells that a picture is read in: each becomes one row of features.
public struct PictureGrid: Sendable, Equatable {
  public var rows: Int
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// The grid of a picture whose longest edge is shrunk to `longestEdge` pixels, in cells of `cell`
  /// by `cell` pixels, the last ones cut short: pictures are neither tiled nor padded. Follows
  /// `image_processing.py` of the published checkpoint, which is `ImageEncoder` of mistral_common.
  public init(_ size: PictureSize, longestEdge: Int, cell: Int) {
    precondition(
      size.width > 0 && size.height > 0 && longestEdge > 0 && cell > 0,
      "\(size) in cells of \(cell) below \(longestEdge)")
    var (width, height) = (Double(size.width), Double(size.height))
    let ratio = max(width / Double(longestEdge), height / Double(longestEdge))
    if ratio > 1 {
      width = max(1, (width / ratio).rounded(.toNearestOrEven))
      height = max(1, (height / ratio).rounded(.toNearestOrEven))
    }
    columns = (Int(width) - 1) / cell + 1
    rows = (Int(height) - 1) / cell + 1
  }

  public var cells: Int { rows * columns }

  /// Tokens of the picture in a prompt: one that begins it, its cells, and one after each row.
  public var tokens: Int { 1 + rows * (columns + 1) }
}
