/// Words of a text that a model is asked about, each as if it alone were masked.
public struct DoubtRequest: Sendable, Equatable {
  /// The words and the text around them, as much of it as the caller has at hand.
  public var text: String
  /// UTF-8 offsets into `text`, ascending, not overlapping, none empty.
  public var words: [Range<Int>]
  /// As those of an `InfillRequest`.
  public var pictures: PictureContext

  public init(
    text: String, words: [Range<Int>], pictures: PictureContext = PictureContext()
  ) {
    self.text = text
    self.words = words
    self.pictures = pictures
  }
}

/// What a model thinks of one written word.
public struct WordDoubt: Sendable, Equatable {
  /// Probability of the word in its place, masked, both sides in view: the geometric mean over its
  /// tokens, 0...1.
  public var probability: Float
  /// What the model would rather read there, whole words, best first.
  public var alternatives: [InfillAlternative]

  public init(probability: Float, alternatives: [InfillAlternative] = []) {
    self.probability = probability
    self.alternatives = alternatives
  }
}
