internal import ArgumentParser
internal import Commands

/// The command line's root. Without a subcommand it is the editor.
struct Palimpsest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "palimpsest",
    abstract: "A text editor in which a diffusion language model rewrites what you highlight.",
    usage: """
      palimpsest [+LINE[:COLUMN]] FILE
      palimpsest FILE:LINE[:COLUMN]
      command | palimpsest
      palimpsest <subcommand>
      """,
    discussion: """
      FILE opens in the editor, with the cursor at LINE and COLUMN if given; +LINE may also follow \
      FILE. Without FILE, or with -, text from a pipe or a redirected file opens. \
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
      ReplayCommand.self, RecoverCommand.self, ModelCommand.self, EngineCommand.self,
      ConfigCommand.self, ServeCommand.self, VersionCommand.self,
    ],
    defaultSubcommand: Edit.self)
}

@main
enum Program {
  @MainActor static func main() async {
    await run(Palimpsest.self, adapting: pairedArguments)
  }
}
