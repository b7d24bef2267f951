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
      palimpsest <subcommand>
      """,
    discussion: """
      FILE opens in the editor, with the cursor at LINE and COLUMN where they are given; - reads \
      standard input. A subcommand's name wins over a file of that name: write ./fill for the file.

      Examples:
        palimpsest letter.txt
        palimpsest +8:327 letter.txt
        palimpsest fill letter.txt --span 8:327-8:396

      Exit codes: 0 done; 1 it failed, and standard error says why; 64 the command line is wrong.
      """,
    version: VersionCommand.text,
    subcommands: [
      Edit.self, FillCommand.self, DoubtCommand.self, GenerateCommand.self, TokenizeCommand.self,
      ReplayCommand.self, RecoverCommand.self, ModelCommand.self, VersionCommand.self,
    ],
    defaultSubcommand: Edit.self)
}

@main
enum Program {
  static func main() async {
    await run(Palimpsest.self, arguments: pairedArguments(Array(CommandLine.arguments.dropFirst())))
  }
}
