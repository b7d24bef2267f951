internal import ArgumentParser
internal import Commands
internal import Documents

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

  @Option(
    help: ArgumentHelp(
      "The encoding of the files: utf-8, utf-16le, utf-16be, latin1 or windows-1252. Without it, each "
        + "is recognised.", valueName: "name"))
  var encoding: String?

  @Option(help: ArgumentHelp("A theme, by name or file.", valueName: "name"))
  var theme: String?

  @OptionGroup(title: "Engine") var engine: EngineOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if let encoding, TextEncoding(named: encoding) == nil {
      throw ValidationError(
        "--encoding \(encoding) is not one of "
          + TextEncoding.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
  }

  @MainActor func start() throws -> @MainActor () async -> Int32 {
    try EditorStart(
      files: file, isView: view, theme: theme, engine: engine.engine, source: model.source,
      encoding: encoding.flatMap { TextEncoding(named: $0) }
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
