internal import Infilling
internal import Pictures
internal import Tokenizers
internal import Transformers

/// A picture as a prompt has it.
struct SeenPicture {
  let features: PictureFeatures
  let grid: PictureGrid
}

/// The pictures of a request that a model sees, and those that it could not be shown. Whoever runs
/// passes with their ids keeps the value.
struct SeenPictures {
  var pictures: [SeenPicture] = []
  var unread: [UnreadPicture] = []

  /// Tokens of all pictures in a prompt.
  var tokenCount: Int { pictures.reduce(0) { $0 + $1.grid.tokens } }

  /// Their ids, one picture after the other.
  func ids(_ tokens: PictureTokens) -> [Int] {
    pictures.flatMap { tokens.block($0.features.ids, columns: $0.grid.columns) }
  }
}
