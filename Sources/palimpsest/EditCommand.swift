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
    abstract: "Edit a document; write ./NAME for a file named like a subcommand.")

  @Argument(
    help: "The document, with +LINE[:COLUMN] before or after it, or :LINE[:COLUMN] at its end.")
  var file: [String] = []

  @Option(help: ArgumentHelp("A theme, by name or file.", valueName: "name"))
  var theme: String?

  @OptionGroup(title: "Engine") var engine: EngineOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  @MainActor func start() throws -> @MainActor () async -> Int32 {
    cp_memory_keep()
    cp_thread_answer_soon()
    let location = try DocumentLocation(file, hasInput: Console.hasInput, exists: Files.exists)
    let settings = Preferences.load(theme: theme)
    let opened = try DocumentFiles.open(location)
    var document = opened.document
    document.recordsChanges = true

    let terminal = try Terminal()
    defer { terminal.close() }
    var editor = Editor(
      document: document, columns: terminal.columns, rows: terminal.rows,
      settings: settings.configuration.editor, keymap: settings.configuration.keymap)
    if let line = location.line { editor.go(toLine: line, column: location.column ?? 1) }
    var options = model
    options.model = options.model ?? settings.configuration.model
    options.threads = options.threads ?? settings.configuration.threads
    let fault = options.fault
    let effects = fault.map { editor.update(.model(.failed($0))) } ?? []
    let messages = [opened.message, settings.message, fault.map(Message.failure)]
    if let message = Message(joining: messages.compactMap(\.self)) { editor.show(message) }

    let mailbox = Mailbox { [waker = terminal.waker] in waker.signal() }
    opened.files.readThrough { mailbox.post($0) }
    let local = try options.infiller { progress in
      mailbox.post(.event(.model(.loading(progress: progress))))
    }
    let router = try EngineRouter(
      local: local, settings.configuration, using: engine.engine)
    let runtime = Runtime(
      editor: editor, terminal: terminal, theme: settings.theme, files: opened.files,
      mailbox: mailbox, router: router)
    let (code, farewell) = runtime.run(
      performing: effects,
      beginningWith: opened.recoveries.isEmpty ? [] : [.recoverable(opened.recoveries)])
    terminal.close()
    if let list = settings.longList { Console.error(list) }
    if let farewell { Console.error(farewell + "\n") }
    return {
      await runtime.finish()
      return code
    }
  }
}
