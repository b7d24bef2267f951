internal import ArgumentParser
internal import Commands
internal import Editing
internal import Networking
internal import RemoteEngines
internal import Settings
internal import Strings

struct EngineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine",
    abstract: "List and check the engines that fill passages.",
    discussion: """
      An engine is a service that holds a larger model: [engine.NAME] in config.toml, described in \
      Docs/Engines.md. `palimpsest --engine NAME FILE` and `palimpsest fill --engine NAME` use it, \
      and Alt-E in the editor.
      """,
    subcommands: [List.self, Check.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the engines of config.toml and what their kinds can do. Calls none of them.")

    func run() async throws {
      let preferences = Preferences.load(theme: nil)
      for fault in preferences.faults { Console.error("\(fault)\n") }
      try Console.output(EngineList.text(preferences.configuration.engines))
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Call an engine with made-up texts and report what it does.",
      discussion: """
        Reports whether the service can be reached, its models, whether it sees the text after a \
        passage, whether it shows steps, probabilities and pinned words, and how long it takes. No \
        text of yours is sent. Exits with 1 if no passage is filled or the text after it is ignored.
        """)

    @Argument(help: ArgumentHelp("NAME of [engine.NAME].", valueName: "name"))
    var name: String

    func run() async throws {
      let configuration = Preferences.load(theme: nil).configuration
      guard let engine = configuration.engines.first(where: { $0.name == name }) else {
        let names = configuration.engines.map(\.name)
        throw CommandFailure(
          names.isEmpty
            ? "No engine \(name): config.toml has no [engine.NAME]. Docs/Engines.md describes them."
            : "No engine \(name). config.toml has \(names.joined(separator: ", ")).")
      }
      let client = EngineClient(engine, over: CurlTransport())
      let check: EngineCheck
      do {
        check = try await RemoteInfiller(client).check()
      } catch {
        throw CommandFailure("\(error)")
      }
      try Console.output(EngineList.text(check, of: engine))
      if check.suffix == .ignored {
        throw CommandFailure(
          "\(name) ignores the text after a passage. Use another kind, or a model with tokens for it."
        )
      }
    }
  }
}
