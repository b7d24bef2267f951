internal import Decoding
internal import Infilling
internal import Pictures
internal import Transformers

extension Engine {
  /// Reads the pictures of a request, and the prompt with them that `prompt` makes, in jobs of their
  /// own: a layer of the tower, or a part of the prompt. Reports the share of the work that is done.
  /// A model that sees no pictures is an error where they must be read.
  func see(
    _ pictures: PictureContext, _ model: any InfillModel, prompt: (SeenPictures) throws -> [Int]
  ) async throws -> SeenPictures {
    if pictures.paths.isEmpty { return SeenPictures() }
    if model.pictureReader == nil, !pictures.mustBeRead { return SeenPictures() }
    let reader = try model.reader()
    var reading = PictureReading(pictures, reader)
    var share = 0.0
    func report(_ part: Double) {
      share = part
      onPictures(PictureProgress(pictures: pictures.paths.count, share: share))
    }
    // Whoever shows the progress takes it away, also where the work is called off.
    defer { if share > 0 { report(1) } }
    while try reading.advance() {
      if reading.isEncoding { report(reader.towerShare * reading.share) }
      await Task.yield()
    }
    let seen = reading.seen
    if seen.pictures.isEmpty { return seen }
    let ids = try prompt(seen)
    let limit = model.configuration.contextLength
    guard ids.count < limit else {
      throw InferenceError.promptTooLong(tokens: ids.count, limit: limit - 1)
    }
    let text = reader.prompts.text(ids)
    while text.encodedCount < text.tokens.count {
      try text.encodeNext(on: model.forwardModel.transformer) { _ in try Task.checkCancellation() }
      let part = Double(text.encodedCount) / Double(text.tokens.count)
      report(reader.towerShare + (1 - reader.towerShare) * part)
      await Task.yield()
      try Task.checkCancellation()
    }
    return seen
  }
}
