/// Pictures that a text is written beside.
public struct PictureContext: Sendable, Equatable {
  /// Files, in the order in which a model is to see them. A name without an ending, as LaTeX has it,
  /// stands for the picture of that name.
  public var paths: [String]
  /// Pictures with more pixels along their longest edge are shrunk to it, in `edges`.
  public var longestEdge: Int
  /// Whether a picture that cannot be read is an error; else it is left out, and the session names it.
  public var mustBeRead: Bool

  public static let edges = 28...1400
  /// At most 421 tokens a picture, a sixth of those that the largest edge takes.
  public static let defaultEdge = 560
  /// The most pictures that a request has.
  public static let mostPictures = 16

  public init(
    _ paths: [String] = [], longestEdge: Int = defaultEdge, mustBeRead: Bool = false
  ) {
    precondition(Self.edges.contains(longestEdge), "a longest edge of \(longestEdge)")
    self.paths = paths
    self.longestEdge = longestEdge
    self.mustBeRead = mustBeRead
  }
}

/// A picture that a model was to see and could not.
public struct UnreadPicture: Sendable, Equatable {
  public var path: String
  /// As the end of a sentence, without control characters.
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// What a picture's header says of it.
public struct PictureGlance: Sendable, Equatable {
  public var path: String
  public var width: Int
  public var height: Int
  /// Tokens that a model reads for it.
  public var tokens: Int

  public init(path: String, width: Int, height: Int, tokens: Int) {
    self.path = path
    self.width = width
    self.height = height
    self.tokens = tokens
  }
}

/// Pictures that an engine is reading.
public struct PictureProgress: Sendable, Equatable {
  public var pictures: Int
  /// Of the work, 0...1; 1 once they are read.
  public var share: Double

  public init(pictures: Int, share: Double) {
    self.pictures = pictures
    self.share = share
  }
}
