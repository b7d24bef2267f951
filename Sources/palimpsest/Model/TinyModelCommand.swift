internal import ArgumentParser
internal import Inference

/// For tests and for looking at the format: not listed in the help.
struct TinyModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tiny-model",
    abstract: "Write a checkpoint of a few layers with random weights, which fills with nonsense.",
    shouldDisplay: false)

  @Argument(help: "The folder to make.")
  var folder: String

  func run() throws {
    try Files.makeFolder(folder)
    try TinyModel.write(to: folder)
  }
}
