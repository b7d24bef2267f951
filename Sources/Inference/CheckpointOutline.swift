internal import Checkpoints
public import Infilling
internal import Pictures
internal import Tokenizers
internal import Transformers

/// What a model's configuration and tokenizer say of it. Agrees with the summary of the loaded model,
/// but for an adapter that the checks of loading refuse.
struct CheckpointOutline {
  let outline: ModelOutline
  /// Of a model that sees pictures.
  let vision: VisionConfiguration?
  /// As the model's summary names it.
  let name: String

  /// Reads headers and tokenizer: a tenth of a second for large vocabularies. Throws what loading the
  /// model would.
  init(_ source: ModelSource) throws {
    let checkpoint = try Checkpoint.open(try ModelLibrary.path(of: source.model))
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    let denoises = configuration.diffusion != nil && source.adapter == nil
    let isTuned = try ChatTemplate.isTuned(checkpoint)
    let tower = denoises ? configuration.vision : nil
    name = ModelSummary.name(ofFile: checkpoint.path)
    guard isTuned || tower != nil else {
      vision = nil
      outline = ModelOutline(followsInstructions: false)
      return
    }
    let tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    vision = PictureTokens(tokenizer) == nil ? nil : tower
    outline = ModelOutline(
      followsInstructions: try isTuned && ChatTemplate(checkpoint, tokenizer: tokenizer) != nil,
      seesPictures: vision != nil)
  }
}

/// Reads the outline of a model when it is first asked for.
actor OutlineReader {
  private let source: ModelSource
  private var known: CheckpointOutline?

  init(_ source: ModelSource) { self.source = source }

  func outline() throws -> CheckpointOutline {
    if let known { return known }
    let found = try CheckpointOutline(source)
    known = found
    return found
  }
}

extension LocalInfiller {
  public func outline() async throws -> ModelOutline { try await outlines.outline().outline }

  /// Reads headers of pictures, and no weights. Throws for a model that sees no pictures.
  public func glance(at pictures: PictureContext) async throws -> (
    seen: [PictureGlance], unread: [UnreadPicture]
  ) {
    let model = try await outlines.outline()
    guard let vision = model.vision else {
      throw InferenceError.seesNoPictures(model: model.name)
    }
    var (seen, unread): ([PictureGlance], [UnreadPicture]) = ([], [])
    for path in pictures.paths.prefix(PictureContext.mostPictures) {
      do {
        seen.append(
          try PictureReader.glance(at: path, longestEdge: pictures.longestEdge, by: vision))
      } catch {
        if pictures.mustBeRead { throw error }
        unread.append(UnreadPicture(path: path, reason: error.reason))
      }
    }
    return (seen, unread)
  }
}
