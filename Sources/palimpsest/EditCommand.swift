internal import ArgumentParser
internal import Commands

/// The editor, the default subcommand.
struct Edit: MainThreadCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Edit documents; write ./NAME for a file named like a subcommand.")

  @Argument(
    help: "Documents, each with +LINE[:COLUMN] before it, or :LINE[:COLUMN] at its end.")
  var file: [String] = []

  @Flag(
    name: [.customShort("R"), .long],
    help: "Look at the documents without changing them; Alt-H edits.")
  var view = false

  @Option(help: ArgumentHelp("A theme, by name or file.", valueName: "name"))
  var theme: String?

  @OptionGroup(title: "Engine") var engine: EngineOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  @MainActor func start() throws -> @MainActor () async -> Int32 {
    try EditorStart(
      files: file, isView: view, theme: theme, engine: engine.engine, source: model.source
    ).start()
  }
}

/// The editor for documents alone: what `Edit` is without an option, which needs no parser.
struct PlainEdit: MainThreadCommand {
  var files: [String] = []

  @MainActor func start() throws -> @MainActor () async -> Int32 {
    try EditorStart(files: files).start()
  }
}
