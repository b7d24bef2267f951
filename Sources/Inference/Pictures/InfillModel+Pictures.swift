internal import Infilling

extension InfillModel {
  /// Nothing: most models see no pictures.
  var pictureReader: PictureReader? { nil }

  func conversation(
    _ instruction: String?, for original: String, beside pictures: SeenPictures
  ) throws -> [Int] { [] }

  /// What reads the pictures of a request. Throws for a model that sees none.
  func reader() throws -> PictureReader {
    guard let pictureReader else { throw InferenceError.seesNoPictures(model: summary.name) }
    return pictureReader
  }
}
