internal import ArgumentParser
internal import Platform
internal import SyntheticModels

/// For tests and for looking at the format.
struct TinyModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tiny-model",
    abstract: "Write a checkpoint of a few layers with random weights, which fills with nonsense.")

  @Argument(help: "The folder to make.")
  var folder: String

  func run() throws {
    try Files.makeFolder(folder)
    try TinyModel.write(to: folder)
  }
}

/// For measuring a large model.
struct LargeModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "large-model",
    abstract: "Write a checkpoint of 8B parameters with random weights, 17 GB.")

  @Argument(help: "The folder to make.")
  var folder: String

  @Option(help: "Layers; 34 are the published model's.")
  var layers = 34

  @Flag(help: "With a vision tower, as Nemotron-Labs-Diffusion-VLM-8B.")
  var pictures = false

  func validate() throws {
    guard (1...34).contains(layers) else {
      throw ValidationError("--layers \(layers) is not in 1...34.")
    }
  }

  func run() throws {
    try Files.makeFolder(folder)
    try LargeCheckpoint.write(to: folder, layers: layers, seesPictures: pictures)
  }
}
