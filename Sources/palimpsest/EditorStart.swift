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

/// The editor of a command line.
struct EditorStart {
  /// As `DocumentLocation.all` reads them.
  var files: [String]
  var isView = false
  /// Name of the theme. nil uses the settings; so do a nil `engine` and options that `source` lacks.
  var theme: String?
  var engine: String?
  var source = ModelSource()
  /// Encoding of the files; nil detects the encoding of each.
  var encoding: TextEncoding?

  /// Settings given on the command line, by name.
  private var given: [String: String] {
    [
      "theme": theme, "infill.engine": engine, "model": source.model,
      "threads": source.threads.map { "\($0)" },
    ].compactMapValues(\.self)
  }

  /// Opens the documents and runs the editor until it ends. Returns a closure that waits for background
  /// work and returns the exit code. Throws if an argument is invalid, or a file or the terminal cannot be
  /// opened.
  @MainActor func start() throws -> @MainActor () async -> Int32 {
    cp_memory_keep()
    cp_thread_answer_soon()
    let locations = try DocumentLocation.all(
      files, hasInput: Console.hasInput, exists: Files.exists)
    let settings = Preferences.load(theme: theme)
    let configuration = settings.configuration
    let history = HistoryPolicy(
      never: configuration.neverRemote.map { PathPattern($0, home: Directories.home()) })
    let store = OpenFiles(
      recent: configuration.editor.remembersFiles ? Directories.current().recent : nil,
      history: configuration.editor.remembersUndo ? history : nil,
      styles: configuration.editor.followsEditorConfig ? StyleFinder() : nil)
    let opened = try store.open(locations, isView: isView, encoding: encoding)

    let terminal = try Terminal()
    defer { terminal.close() }
    var source = source
    source.model = source.model ?? settings.configuration.model
    source.threads = source.threads ?? settings.configuration.threads
    let fault = source.fault
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

    let isFirst = FirstStart.showsTour(
      paths: opened.compactMap(\.opened.files.path), hasTerminal: Console.isTerminal(0),
      file: Directories.current().tour, variable: Files.environment)
    if isFirst { workspace.showTour() }

    let mailbox = Mailbox { [waker = terminal.waker] in waker.signal() }
    for document in opened { document.opened.files.readThrough { mailbox.post($0) } }
    let local = try source.infiller(
      onProgress: { mailbox.post(.event(.model(.loading(progress: $0)))) },
      onPictures: { mailbox.post(.event(.readingPictures($0))) })
    let router = try EngineRouter(
      local: local, settings.configuration, using: engine)
    let performer = EffectPerformer(
      workspace: workspace, terminal: terminal, theme: settings.theme, files: store,
      mailbox: mailbox, router: router, languages: Preferences.language,
      spelling: settings.configuration.editor.spelling,
      settings: { [text = settings.text, given] in
        SettingsSession(Preferences.files, text, given: given)
      })
    let runtime = Runtime(performer)
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
