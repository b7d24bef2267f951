internal import ArgumentParser
internal import Commands
internal import Inference
internal import Infilling
internal import Strings

/// The pictures that `fill`, `generate` and `doubt` show to the model.
struct PictureArguments: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A picture that the text goes with, PNG, JPEG or WebP, for a model that sees pictures; may be repeated.",
      valueName: "file"))
  var image: [String] = []

  @Option(
    help: ArgumentHelp(
      "Shrink pictures to this many pixels along the longest edge. \(PictureContext.edges.upperBound) is what models were trained with; its cost grows with the square.",
      valueName: "n"))
  var imageEdge = PictureContext.defaultEdge

  func validate() throws {
    guard PictureContext.edges.contains(imageEdge) else {
      let edges = PictureContext.edges
      throw ValidationError(
        "--image-edge \(imageEdge) is not in \(edges.lowerBound)...\(edges.upperBound).")
    }
    guard image.count <= PictureContext.mostPictures else {
      throw ValidationError("--image may be given \(PictureContext.mostPictures) times.")
    }
  }

  var context: PictureContext {
    PictureContext(image, longestEdge: imageEdge, mustBeRead: true)
  }
}

extension PictureGlance {
  /// The cost of reading the picture, as a line for standard error.
  var words: String {
    "\(path.escapedForMessage), \(width) by \(height) pixels, is read as \(tokens.counted("token"))"
  }
}

extension PictureProgress {
  /// A line of standard error that follows the reading, where that is a terminal; the last one removes
  /// it.
  func show() {
    guard Console.isTerminal(Console.standardError) else { return }
    let line =
      share < 1 ? "Reading \(pictures.counted("picture")): \(Int(share * 100)) %" : ""
    Console.error("\r\(line)\u{1B}[K")
  }
}
