internal import ArgumentParser
internal import Commands

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version.")

  static let number = "0.1.0"
  static let text = "palimpsest \(number)"

  func run() throws {
    try Console.output(Self.text + "\n")
  }
}
