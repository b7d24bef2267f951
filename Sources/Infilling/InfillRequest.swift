public import DecodingPolicies

/// What an engine is asked to do with one passage of a document.
public struct InfillRequest: Sendable, Equatable {
  /// Text before the passage, as much of it as the caller has at hand; an engine uses its end.
  public var prefix: String
  /// The passage as it is. Its length in tokens is the default number of slots.
  public var original: String
  /// Text after the passage; an engine uses its beginning.
  public var suffix: String
  public var settings: DecodingConfiguration
  /// Where to start: nil is a canvas of masks. Cells that are open are filled, pinned cells are
  /// never changed, drafts are kept until a step revises them.
  public var canvas: [InfillCell]?
  /// What the passage is to become, in the user's words: "more formal", "shorter". nil for a
  /// passage that follows from its surroundings alone. Engines whose model follows no instructions
  /// refuse.
  public var instruction: String?
  /// Engines whose model sees no pictures refuse those that must be read, and leave out others.
  public var pictures: PictureContext

  public init(
    prefix: String, original: String, suffix: String,
    settings: DecodingConfiguration = DecodingConfiguration(), canvas: [InfillCell]? = nil,
    instruction: String? = nil, pictures: PictureContext = PictureContext()
  ) {
    self.prefix = prefix
    self.original = original
    self.suffix = suffix
    self.settings = settings
    self.canvas = canvas
    self.instruction = instruction
    self.pictures = pictures
  }
}
