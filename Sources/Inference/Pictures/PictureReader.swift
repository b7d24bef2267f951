internal import Infilling
internal import Pictures
internal import Platform
internal import Tokenizers
internal import Transformers

/// Reads pictures for a model that sees them and keeps their features by the hash of their content,
/// so that another request beside the same picture costs nothing. Confined to the engine.
final class PictureReader {
  let tokens: PictureTokens
  let encoder: PictureEncoder
  private let rows: PictureRows
  /// Of the work on a picture, the tower's: the rest is the text model's, which reads its tokens.
  let towerShare: Double
  /// Prompts with pictures read last.
  var prompts: PrefixCache
  /// Latest first.
  private var kept: [(key: Key, picture: SeenPicture)] = []

  /// What features depend on.
  struct Key: Equatable {
    var digest: String
    var longestEdge: Int
  }

  /// Cells whose features are kept: 128 MiB of a model of 4096 columns.
  private static let mostCells = 8192
  private static let endings = [".png", ".jpg", ".jpeg", ".webp"]
  /// The largest file read: pictures of the most pixels, without compression.
  private static let mostBytes = 256 << 20

  /// Nil for a model without a tower, or whose tokenizer lacks the tokens of pictures.
  init?(_ transformer: Transformer, _ tokenizer: Tokenizer) {
    guard let encoder = transformer.vision, let tokens = PictureTokens(tokenizer) else {
      return nil
    }
    self.encoder = encoder
    self.tokens = tokens
    rows = transformer.pictures
    let model = transformer.configuration
    let vision = encoder.configuration
    let tower = Double(vision.parameters * vision.mergeSize * vision.mergeSize)
    towerShare = tower / (tower + Double(model.parameters))
    prompts = PrefixCache(model, kept: 2)
  }

  /// The file at `path`, or its beginning. Throws `PictureError`.
  static func bytes(
    _ path: String, upTo limit: Int = mostBytes
  ) throws(PictureError) -> [UInt8] {
    let named = path.split(separator: "/").last ?? ""
    let path =
      named.contains(".") || Files.exists(path)
      ? path : endings.map { path + $0 }.first(where: Files.exists) ?? path
    // A FIFO would be waited for, and a device has no end.
    guard let size = Files.size(path) else {
      throw PictureError(
        file: path, reason: Files.exists(path) ? "not a regular file" : "no such file")
    }
    guard size <= mostBytes else {
      throw PictureError(file: path, reason: "more than \(mostBytes >> 20) MiB")
    }
    do {
      return try Files.read(path, upTo: limit)
    } catch {
      throw PictureError(file: path, reason: error.reason)
    }
  }

  /// What the header of the picture at `path` says, to a tower. Throws `PictureError`.
  static func glance(
    at path: String, longestEdge: Int, by vision: VisionConfiguration
  ) throws(PictureError) -> PictureGlance {
    // A header begins later only if a profile or a preview of that size precedes it.
    let start = try bytes(path, upTo: 1 << 20)
    let size =
      if let size = try? PictureSize(of: start, file: path) { size } else {
        try PictureSize(of: bytes(path), file: path)
      }
    return PictureGlance(
      path: path, width: size.width, height: size.height,
      tokens: vision.grid(of: size, longestEdge: longestEdge).tokens)
  }

  /// The features of a picture that was read before.
  func picture(_ key: Key) -> SeenPicture? {
    guard let index = kept.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = kept.remove(at: index)
    kept.insert(entry, at: 0)
    return entry.picture
  }

  /// Takes the run of a picture that has been through all layers.
  func finish(_ run: PictureEncoder.Run, _ key: Key, _ grid: PictureGrid) throws -> SeenPicture {
    let picture = SeenPicture(features: rows.add(try run.finish()), grid: grid)
    kept.insert((key, picture), at: 0)
    var cells = 0
    kept.removeAll { entry in
      cells += entry.picture.grid.cells
      return cells > Self.mostCells && entry.picture.features !== picture.features
    }
    return picture
  }
}
