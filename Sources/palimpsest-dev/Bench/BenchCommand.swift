internal import ArgumentParser

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the speed of this machine, or what 8-bit weights cost in quality.",
    subcommands: [BenchSpeedCommand.self, BenchQualityCommand.self, BenchEditorCommand.self],
    defaultSubcommand: BenchSpeedCommand.self)
}
