internal import ArgumentParser
internal import CPlatform
internal import Commands
import Documents
import Editing
import Inference
internal import Platform
import Rendering
import Settings
import Storage
import Terminals

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
    cp_memory_keep()
    cp_thread_answer_soon()
    let locations = try DocumentLocation.all(
      file, hasInput: Console.hasInput, exists: Files.exists)
    let settings = Preferences.load(theme: theme)
    let configuration = settings.configuration
    let history = HistoryPolicy(
      never: configuration.neverRemote.map { PathPattern($0, home: Directories.home()) })
    let files = OpenFiles(
      recent: configuration.editor.remembersFiles ? Directories.current().recent : nil,
      history: configuration.editor.remembersUndo ? history : nil,
      styles: configuration.editor.followsEditorConfig ? StyleFinder() : nil)
    let opened = try files.open(
      locations, isView: view, encoding: encoding.flatMap { TextEncoding(named: $0) })

    let terminal = try Terminal()
    defer { terminal.close() }
    var options = model
    options.model = options.model ?? settings.configuration.model
    options.threads = options.threads ?? settings.configuration.threads
    let fault = options.fault
    var workspace = Workspace(
      opened[0].document, columns: terminal.columns, rows: terminal.rows,
      settings: settings.configuration.editor, keymap: settings.configuration.keymap)
    for document in opened.dropFirst() { workspace.open(document.document, as: document.id) }
    var effects = fault.map { workspace.update(.model(.failed($0))) } ?? []
    let messages = [opened[0].opened.message, settings.message, fault.map(Message.failure)]
    if let message = Message(joining: messages.compactMap(\.self)) { workspace.show(message) }
    for document in opened where !document.opened.recoveries.isEmpty {
      effects += workspace.update(.recoverable(document.opened.recoveries), of: document.id)
    }

    let mailbox = Mailbox { [waker = terminal.waker] in waker.signal() }
    for document in opened { document.opened.files.readThrough { mailbox.post($0) } }
    let local = try options.infiller(
      onProgress: { mailbox.post(.event(.model(.loading(progress: $0)))) },
      onPictures: { mailbox.post(.event(.readingPictures($0))) })
    let router = try EngineRouter(
      local: local, settings.configuration, using: engine.engine)
    let runtime = Runtime(
      workspace: workspace, terminal: terminal, theme: settings.theme, files: files,
      mailbox: mailbox, router: router, languages: Preferences.language,
      spelling: settings.configuration.editor.spelling)
    let (code, farewell) = runtime.run(performing: effects)
    terminal.close()
    if let list = settings.longList { Console.error(list) }
    if let farewell { Console.error(farewell + "\n") }
    return {
      await runtime.finish()
      return code
    }
  }
}
