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

extension Palimpsest {
  /// The command that arguments name. The parser describes all commands by reflection first, which takes a
  /// quarter of the time to the first frame: names of documents alone do without it.
  static func command(_ arguments: [String]) throws -> any ParsableCommand {
    let names = configuration.subcommands.map { $0.configuration.commandName } + ["help"]
    if !names.contains(arguments.first), !arguments.contains(where: { $0.hasPrefix("-") }) {
      return PlainEdit(files: arguments)
    }
    return try parseAsRoot(pairedArguments(arguments))
  }
}

@main
enum Program {
  @MainActor static func main() async {
    await run(Palimpsest.self, parse: Palimpsest.command)
  }
}
