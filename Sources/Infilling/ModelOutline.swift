/// What is known of a model without its weights, from its configuration and its tokenizer.
public struct ModelOutline: Sendable, Equatable {
  /// Whether requests may carry an instruction; nil where only `Infiller.prepare` finds out.
  public var followsInstructions: Bool?
  /// Whether requests may carry pictures.
  public var seesPictures: Bool

  public init(followsInstructions: Bool? = nil, seesPictures: Bool = false) {
    self.followsInstructions = followsInstructions
    self.seesPictures = seesPictures
  }
}
