internal import ArgumentParser
internal import Glibc
internal import Inference

/// The command line's root. Without a subcommand it is the editor.
struct Palimpsest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "palimpsest",
    abstract: "A text editor in which a diffusion language model rewrites what you highlight.",
    usage: """
      palimpsest [+LINE[:COLUMN]] FILE
      palimpsest FILE:LINE[:COLUMN]
      palimpsest <subcommand>
      """,
    discussion: """
      FILE opens in the editor, with the cursor at LINE and COLUMN if given; - reads standard input. \
      A subcommand takes precedence over a file of the same name: write ./fill for the file.

      Examples:
        palimpsest letter.txt
        palimpsest +8:327 letter.txt
        palimpsest fill letter.txt --span 8:327-8:396

      Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid command line.
      """,
    version: VersionCommand.text,
    subcommands: [
      Edit.self, FillCommand.self, DoubtCommand.self, GenerateCommand.self, TokenizeCommand.self,
      ReplayCommand.self, RecoverCommand.self, ModelCommand.self, EvaluateCommand.self,
      BenchCommand.self, VersionCommand.self, TinyModelCommand.self,
      LargeModelCommand.self, PictureCommand.self,
      GoldenCommand.self,
    ],
    defaultSubcommand: Edit.self)
}

@main
enum Program {
  static func main() async {
    let code = await run(pairedArguments(Array(CommandLine.arguments.dropFirst())))
    // A short command ends before the packed weights for the next start are on disk.
    await ModelLibrary.finishWriting()
    // Not `exit`: exit handlers of libraries must not run beside threads of the concurrency
    // runtime, which cannot be joined. All output is written by now.
    _exit(code)
  }

  /// Runs the command in `arguments`; prints errors on standard error. Returns the exit code.
  private static func run(_ arguments: [String]) async -> Int32 {
    do {
      try await perform(arguments)
      try Console.finish()
      return 0
    } catch {
      return report(error)
    }
  }

  private static func perform(_ arguments: [String]) async throws {
    var command = try Palimpsest.parseAsRoot(arguments)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }

  /// Help and version, which are errors to the parser, go to standard output.
  private static func report(_ error: any Error) -> Int32 {
    let code = Palimpsest.exitCode(for: error)
    let text = Palimpsest.fullMessage(for: error)
    guard !text.isEmpty else { return code.rawValue }
    guard code.isSuccess else {
      Console.error(text + "\n")
      return code.rawValue
    }
    do throws(CommandFailure) {
      try Console.output(text + "\n")
      try Console.finish()
      return code.rawValue
    } catch {
      Console.error("Error: \(error)\n")
      return 1
    }
  }
}
