internal import ArgumentParser
internal import CPlatform
internal import Commands
import Documents
import Editing
import Infilling
import Rendering
internal import Strings

/// Times what the editor does for a key, without a terminal and without a model.
struct BenchEditorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "editor",
    abstract: "Time frames, keys and scrubbing of the editor.",
    discussion: """
      Frames are built whole, as after every key; what a terminal draws of them is not counted. \
      Times are the least and the median of the runs, in milliseconds.
      """)

  @Option(help: "Columns of the screen.")
  var columns = 200

  @Option(help: "Rows of the screen.")
  var rows = 60

  @Option(help: ArgumentHelp("Runs of each row.", valueName: "n"))
  var runs = 300

  func run() throws {
    cp_memory_keep()
    try Console.output("\(columns)x\(rows), \(runs) runs, load \(ProcessFacts.load)\n")
    let prose = String(
      repeating: "The beans have done well, the tomatoes less so, and something has been eating. ",
      count: 400)
    let code = String(
      repeating: "  guard let value = table[key] else { return nil }  // none\n", count: 200)
    try measure("frame, prose", prose)
    try measure("frame, paragraphs", prose.replacing(". ", with: ".\n\n"))
    try measure("frame, code", code)
    try highlighted(code)
    try measure("frame, Chinese", String(repeating: "早上我煮咖啡，打开后门，听老梨树上的鸟叫。", count: 400))
    try measure("frame, accents and emoji", String(repeating: "Café é👍🏽 naïve — ", count: 900))
    try measure("frame after an event, code", code, isLaidOut: true)
    try steps(prose)
    try typing(prose)
  }

  private func editor(_ text: String) -> Editor {
    var editor = Editor(document: Document(text), columns: columns, rows: rows)
    editor.settings.stepMilliseconds = 0
    return editor
  }

  /// Every event ends with the layout of its window, so that the frame after it only draws. A frame
  /// of an editor without any event lays the screen out as well.
  private func measure(_ name: String, _ text: String, isLaidOut: Bool = false) throws {
    var editor = editor(text)
    if isLaidOut { _ = editor.update(.resize(columns: columns, rows: rows)) }
    try report(name) { _ in _ = Frame(editor, theme: .standard) }
  }

  /// Code with the rules of its language, and keys in it.
  private func highlighted(_ text: String) throws {
    guard case .grammar(let grammar) = Preferences.language("swift") else {
      throw ValidationError("The rules of Swift were not found beside this program.")
    }
    var editor = Editor(
      document: Document(text, path: "code.swift"), columns: columns, rows: rows)
    _ = editor.update(.linesCounted)
    _ = editor.update(.language("swift", .grammar(grammar)))
    let shown = editor
    try report("frame, highlighted code") { _ in _ = Frame(shown, theme: .standard) }
    for _ in 0..<20 { _ = editor.update(.key(Key(.down))) }
    try report("key to frame, highlighted code") { _ in
      _ = editor.update(.key(Key(.character("x"))))
      _ = Frame(editor, theme: .standard)
    }
    try report("key to frame, comment opened and closed") { run in
      for key in run % 2 == 0 ? ["Home", "/", "*"] : ["Backspace", "Backspace"] {
        if let key = Key(key) { _ = editor.update(.key(key)) }
      }
      _ = Frame(editor, theme: .standard)
    }
    try report("page down, highlighted code") { run in
      _ = editor.update(.key(Key(run % 6 < 3 ? .pageDown : .pageUp)))
      _ = Frame(editor, theme: .standard)
    }
  }

  /// A passage of 256 slots, step by step.
  private func steps(_ text: String) throws {
    var editor = editor(text)
    for _ in 0..<25 { _ = editor.update(.key(Key(.right, [.control, .shift]))) }
    var run = RunID.candidate(0)
    for effect in editor.update(.key(Key(.function(5)))) {
      if case .beginRun(let id, _) = effect { run = id }
    }
    var cells = Array(repeating: InfillCell.open, count: 256)
    _ = editor.update(.run(run, .began(canvas: cells)))
    for step in 1...64 {
      let changed = (0..<4).map { (step - 1) + $0 * 64 }
      for slot in changed {
        cells[slot] = InfillCell(state: .draft, token: slot, text: " word", confidence: 0.6)
      }
      _ = editor.update(
        .run(
          run,
          .step(
            InfillStep(
              index: step, cells: cells, changed: changed, delta: CanvasDelta(updated: changed),
              milliseconds: 5, isLast: step == 64))))
    }
    let settled = editor
    try report("frame, a passage of 256 slots") { _ in _ = Frame(settled, theme: .standard) }
    try report("scrub one step of 64, frame included") { run in
      _ = editor.update(.key(Key(run % 64 < 32 ? .left : .right)))
      _ = Frame(editor, theme: .standard)
    }
  }

  private func typing(_ text: String) throws {
    var editor = editor(text)
    for _ in 0..<20 { _ = editor.update(.key(Key(.down))) }
    try report("key to frame") { _ in
      _ = editor.update(.key(Key(.character("x"))))
      _ = Frame(editor, theme: .standard)
    }
  }

  private func report(_ name: String, _ body: (Int) -> Void) throws {
    let clock = ContinuousClock()
    let times = (0..<max(3, runs)).map { run in clock.measure { body(run) } }.sorted()
    func text(_ time: Duration) -> String { (time / .milliseconds(1)).fixed(3) }
    try Console.output(
      "\(name.leading(39)) \(text(times[0]))  \(text(times[times.count / 2]))\n")
  }
}
