internal import ArgumentParser
internal import Commands

/// The root of the tool for developers: what measures and checks the engine and makes its test data.
struct PalimpsestDev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "palimpsest-dev",
    abstract: "Measure and check Palimpsest's engine, and make its test data and pictures.",
    discussion: """
      Exit codes: 0 done; 1 it failed, and standard error says why; 64 the command line is wrong.
      """,
    subcommands: [
      BenchCommand.self, EvaluateCommand.self, GoldenCommand.self, PictureCommand.self,
      TinyModelCommand.self, LargeModelCommand.self, FaultyServerCommand.self,
    ])
}

@main
enum Program {
  @MainActor static func main() async {
    await run(PalimpsestDev.self) { try PalimpsestDev.parseAsRoot($0) }
  }
}
