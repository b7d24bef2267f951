internal import Infilling
internal import Pictures
internal import Transformers

/// The pictures of a request on their way to features. Each call of `advance` is one layer of the
/// tower: whoever makes it may stop between two, or do something else.
struct PictureReading {
  private(set) var seen = SeenPictures()
  private let context: PictureContext
  private let reader: PictureReader
  private var rest: ArraySlice<String>
  private var current: (run: PictureEncoder.Run, key: PictureReader.Key, grid: PictureGrid)?

  init(_ context: PictureContext, _ reader: PictureReader) {
    self.context = context
    self.reader = reader
    rest = context.paths.prefix(PictureContext.mostPictures)
  }

  /// Of all pictures through the tower, 0...1.
  var share: Double {
    let count = min(context.paths.count, PictureContext.mostPictures)
    let open = Double(rest.count) + (current.map { 1 - $0.run.progress } ?? 0)
    return count == 0 ? 1 : 1 - open / Double(count)
  }

  /// Whether a picture is on its way; those that were read before are there at once.
  var isEncoding: Bool { current != nil }

  /// Goes on; false once all pictures are seen or could not be read. Throws `PictureError` for one
  /// that must be read, and what the check for cancellation throws.
  mutating func advance() throws -> Bool {
    try Task.checkCancellation()
    if let (run, key, grid) = current {
      if run.advance() { return true }
      seen.pictures.append(try reader.finish(run, key, grid))
      current = nil
      return !rest.isEmpty
    }
    guard let path = rest.popFirst() else { return false }
    do {
      try begin(path)
    } catch let error as PictureError {
      if context.mustBeRead { throw error }
      seen.unread.append(UnreadPicture(path: path, reason: error.reason))
    }
    return current != nil || !rest.isEmpty
  }

  private mutating func begin(_ path: String) throws {
    let bytes = try PictureReader.bytes(path)
    let key = PictureReader.Key(digest: try sha256(of: bytes), longestEdge: context.longestEdge)
    if let picture = reader.picture(key) {
      seen.pictures.append(picture)
      return
    }
    let picture = try Picture(decoding: bytes, file: path)
    let vision = reader.encoder.configuration
    let grid = vision.grid(of: picture.size, longestEdge: context.longestEdge)
    let pixels = try PicturePixels(picture, grid: grid, cell: vision.cellSize) {
      try Task.checkCancellation()
    }
    current = (reader.encoder.begin(pixels), key, grid)
  }
}
