internal import ArgumentParser
internal import Commands
import Documents
import Editing
import Infilling
internal import Platform
import Rendering
import Storage

/// Draws the editor at work into an SVG file, from its own frames: for the manual.
struct PictureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Rewrite the sentence at a position and write the screen after a step as SVG.")

  @Argument(help: "The document, followed by :LINE:COLUMN.")
  var file: String

  @Option(help: "Step to draw.")
  var step = 8

  @Option(help: "Columns of the screen.")
  var columns = 80

  @Option(help: "Rows of the screen.")
  var rows = 24

  @Option(help: "The file to write.")
  var output: String

  @Flag(help: "Draw every step, as an animation.")
  var animated = false

  @Flag(help: "Draw a race of the model's modes on the sentence, as an animation.")
  var race = false

  @Option(help: "A theme's name.")
  var theme = "dark"

  @OptionGroup(title: "Model") var model: ModelOptions

  func run() async throws {
    let location = try DocumentLocation(file, exists: Files.exists)
    guard case .file(let path) = location.source else {
      throw ValidationError("Expected a file.")
    }
    let document = Document(contents: Text(try Files.read(path, upTo: .max)), path: path)
    var editor = Editor(document: document, columns: columns, rows: rows)
    editor.go(toLine: location.line ?? 1, column: location.column ?? 1)
    let theme = Preferences.load(theme: theme).theme
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if race {
      let shots = try await raceShots(&editor, with: model.infiller(), theme: theme)
      let film = Film(title: "The modes of a model racing on \(name)", shots: shots, theme: theme)
      try FileStore().save(Array(film.svg().utf8), to: output)
      return
    }
    try await rewrite(&editor, with: model.infiller())
    let picture =
      if animated, let candidate = editor.passages.first?.candidate,
        let trajectory = candidate.trajectory
      {
        Film(
          Recording(name: name, request: candidate.request, trajectory: trajectory),
          columns: columns, rows: rows, theme: theme
        ).svg()
      } else {
        Frame(editor, theme: theme).svg(theme: theme, title: "Palimpsest rewriting \(name)")
      }
    try FileStore().save(Array(picture.utf8), to: output)
  }

  /// Performs the engine's effects in order until the requested step is on the screen.
  private func rewrite(_ editor: inout Editor, with infiller: some Infiller) async throws {
    var effects = editor.update(.model(.ready(try await infiller.prepare())))
    effects += editor.update(.key(Key(.function(5))))
    var session: (any InfillSession)?
    var done = 0
    while !effects.isEmpty {
      switch effects.removeFirst() {
      case .beginRun(let id, let request):
        let opened = try await infiller.begin(request)
        session = opened
        effects += editor.update(.run(id, .began(canvas: opened.canvas)))
      case .stepRun(let id, _):
        guard animated || done < step, let next = try await session?.next() else { return }
        done += 1
        effects += editor.update(.run(id, .step(next)))
      default: break
      }
    }
  }

  /// The race on its own clock: all lanes are drawn at the same engine time, with pauses long
  /// enough to see.
  private func raceShots(
    _ editor: inout Editor, with infiller: some Infiller, theme: Theme
  ) async throws -> [Film.Shot] {
    var effects = editor.update(.model(.ready(try await infiller.prepare())))
    effects += editor.update(.key(Key(.function(6))))
    var sessions: [RunID: any InfillSession] = [:]
    var shots = [Film.Shot(Frame(editor, theme: theme), milliseconds: 700)]
    var drawn = 0.0
    while !effects.isEmpty {
      switch effects.removeFirst() {
      case .beginRun(let id, let request):
        let opened = try await infiller.begin(request)
        sessions[id] = opened
        effects += editor.update(.run(id, .began(canvas: opened.canvas)))
      case .stepRun(let id, _):
        let next = try await sessions[id]?.next()
        effects += editor.update(next.map { .run(id, .step($0)) } ?? .run(id, .ended))
        guard let clock = editor.race?.clock, clock - drawn >= Self.shortestShot else { continue }
        shots[shots.count - 1].milliseconds += Int(clock - drawn)
        shots.append(Film.Shot(Frame(editor, theme: theme), milliseconds: 0))
        drawn = clock
      case .scoreTexts(let id, let texts, let request):
        effects += editor.update(
          .inquiry(id, .scores(try await infiller.scores(of: texts, for: request))))
      default: break
      }
    }
    shots.append(Film.Shot(Frame(editor, theme: theme), milliseconds: 5000))
    return shots
  }

  private static let shortestShot = 60.0
}
