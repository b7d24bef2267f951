internal import ArgumentParser
internal import Commands
import Editing
import Infilling
internal import Platform
import Recordings
import Rendering
import Settings
import Terminals

/// Plays a recording in the terminal: the editor itself, on the recorded passage.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a recording made by fill --record or exported by the editor.",
    discussion: """
      FILE is a recording in JSON lines (.jsonl). The keys are those of a review: Space plays and \
      pauses, + and - change the pace from 0.25 to 4 times the recorded one, Left and Right step, \
      Home and End go to the first and last step, d shows the original, Ctrl-E exports. With a \
      model you can continue from any step. Esc quits.

      If standard output is not a terminal, prints the text of each step on a line.
      """)

  @Argument(help: ArgumentHelp("The recording.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("A theme, by name or file.", valueName: "name"))
  var theme: String?

  @OptionGroup(title: "Model") var model: ModelOptions

  func run() async throws {
    let bytes = try Files.read(file, upTo: 1 << 28)
    let recording = try RecordFile.recording(bytes, file: file)
    guard Console.isTerminal(Console.standardOutput) else {
      return try Console.output(Self.lines(recording))
    }
    let (code, runtime) = try await play(recording)
    await runtime.finish()
    if code != 0 { throw ExitCode(code) }
  }

  /// The text of every step, masks as `░`, a line each.
  static func lines(_ recording: Recording) -> String {
    (0...recording.trajectory.end).map { step in
      let cells = recording.trajectory.cells(at: step)
      let text = cells.map { $0.state == .open ? "░" : $0.text }.joined()
      return "\(step)\t" + text.map { $0.isNewline ? " " : String($0) }.joined() + "\n"
    }.joined()
  }

  @MainActor
  private func play(_ recording: Recording) throws -> (code: Int32, runtime: Runtime) {
    let settings = Preferences.load(theme: theme)
    let terminal = try Terminal()
    defer { terminal.close() }
    var editor = Editor(
      showing: recording, columns: terminal.columns, rows: terminal.rows,
      keymap: settings.configuration.keymap, settings: settings.configuration.editor)
    if let message = settings.message { editor.show(message) }
    var workspace = Workspace(editor)
    let effects = workspace.playRecording()
    let mailbox = Mailbox { [waker = terminal.waker] in waker.signal() }
    let infiller = try model.infiller { progress in
      mailbox.post(.event(.model(.loading(progress: progress))))
    }
    let performer = EffectPerformer(
      workspace: workspace, terminal: terminal, theme: settings.theme, files: OpenFiles(),
      mailbox: mailbox, router: EngineRouter(local: infiller, engines: []),
      languages: Preferences.language, spelling: settings.configuration.editor.spelling,
      settings: { [text = settings.text, theme] in
        SettingsSession(Preferences.files, text, given: theme.map { ["theme": $0] } ?? [:])
      })
    let runtime = Runtime(performer)
    return (runtime.run(performing: effects).code, runtime)
  }
}
