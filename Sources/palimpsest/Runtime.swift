import Editing
import Rendering
import Terminals

/// The main loop: waits for the terminal, the engine and the clock, hands their events to the
/// editor, performs its effects, draws once a batch. It decides nothing.
@MainActor
final class Runtime {
  private var editor: Editor
  private let terminal: Terminal
  private let theme: Theme
  /// The theme before it was adapted to the terminal.
  private let exportTheme: Theme
  private let files: DocumentFiles
  private let mailbox: Mailbox
  private let driver: FillDriver
  private let finder: Finder
  private var pacer = FramePacer()
  /// What the screen does not show yet came from.
  private var change: FramePacer.Cause? = .input
  private var timers: [Timer: ContinuousClock.Instant] = [:]
  private var exitCode: Int32?

  init(
    editor: Editor, terminal: Terminal, theme: Theme, files: DocumentFiles, mailbox: Mailbox,
    driver: FillDriver
  ) {
    self.editor = editor
    self.terminal = terminal
    self.theme = theme.adapted(to: terminal.depth)
    exportTheme = theme
    self.files = files
    self.mailbox = mailbox
    self.driver = driver
    finder = Finder(mailbox)
  }

  /// Performs `effects` and hands `events` to the editor, then runs until it quits or the terminal
  /// goes away. Returns the exit code and what is left to say once the screen is the shell's again.
  func run(performing effects: [Effect] = [], beginningWith events: [Event] = []) -> (
    code: Int32, farewell: String?
  ) {
    for effect in effects { perform(effect) }
    terminal.watched = files.watched
    if let neighbours = files.takeNeighbours() { handle(.neighbours(neighbours)) }
    for event in events { handle(event) }
    handle(.resize(columns: terminal.columns, rows: terminal.rows))
    while exitCode == nil {
      drawIfDue()
      let wakeup = terminal.wait(milliseconds: timeout())
      for event in wakeup.events { handle(event) }
      for signal in wakeup.signals { handle(signal) }
      if wakeup.isHungUp { exitCode = exitCode ?? 129 }
      // Anything but the engine and timers may have damaged the screen, too.
      let isQuiet = wakeup.events.isEmpty && wakeup.signals.isEmpty
      if !isQuiet || !wakeup.isWoken && !timers.values.contains(where: { $0 <= .now }) {
        // A key is on the screen before what the engine did meanwhile is looked at.
        change = .input
        drawIfDue()
      }
      if wakeup.isWoken { receive(mailbox.take()) }
      let due = timers.filter { $0.value <= .now }.sorted { $0.value < $1.value }
      for timer in due {
        timers[timer.key] = nil
        handle(.woke(timer.key))
      }
      if wakeup.isWoken || !due.isEmpty { change = change ?? .background }
      if wakeup.isWatchReady, let neighbours = files.takeNeighbours() {
        handle(.neighbours(neighbours))
        change = change ?? .background
      }
      let news = files.keepJournal(
        of: editor.takeChanges(), document: editor.document, now: .now)
      if let news {
        handle(news)
        change = change ?? .background
      }
    }
    driver.dropAll()
    finder.cancel()
    let isAbandoned = (exitCode ?? 0) > 128
    return (exitCode ?? 0, files.close(editor.document, isAbandoned: isAbandoned))
  }

  private func drawIfDue() {
    guard exitCode == nil, let cause = change, pacer.due(cause, now: .now) <= .now else { return }
    terminal.draw(Frame(editor, theme: theme))
    pacer.drew(.now)
    change = nil
  }

  /// Milliseconds until something is due whatever happens; nil waits for as long as it takes.
  private func timeout() -> Int? {
    let frame = change.map { pacer.due($0, now: .now) }
    let due = (Array(timers.values) + [files.journalTime, frame].compactMap(\.self)).min()
    return due.map { max(0, Int(($0 - .now) / .milliseconds(1)) + 1) }
  }

  private func handle(_ event: Event) {
    for effect in editor.update(event) { perform(effect) }
  }

  private func handle(_ signal: Wakeup.Signal) {
    switch signal {
    case .terminate, .interrupt: handle(Event.terminate)
    case .hangUp: exitCode = 129
    case .suspend: suspend()
    }
  }

  private func suspend() {
    let warning = files.prepareToStop()
    terminal.suspend { if let warning { Console.error(warning + "\n") } }
  }

  private func receive(_ deliveries: [Delivery]) {
    for delivery in deliveries {
      if delivery.isAnswer { change = .input }
      switch delivery {
      case .event(let event): handle(event)
      case .saved(let outcome): handle(files.finish(outcome, after: editor.takeChanges()))
      case .session(let id, let session): if let event = driver.keep(id, session) { handle(event) }
      case .answer(let id, let reply):
        if driver.isAwaited(id) { handle(.inquiry(id, reply)) }
      }
    }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .save(let request):
      let event = files.save(request, after: editor.takeChanges()) { [mailbox] in mailbox.post($0) }
      if let event { handle(event) }
    case .cancelSave: files.cancelSave()
    case .find(let request): finder.find(request)
    case .replace(let request): finder.replace(request)
    case .cancelFind: finder.cancel()
    case .settleRecovery(let id, let outcome): files.settle(id, outcome)
    case .quit(let code): exitCode = code
    case .suspend: suspend()
    case .copy(let text): _ = terminal.copy(text)
    case .prepareModel: driver.prepare()
    case .beginRun(let id, let request): driver.begin([RunStart(id, request)])
    case .beginCandidates(let starts): driver.begin(starts)
    case .stepRun(let id, let delay): driver.step(id, delay: .milliseconds(delay))
    case .scoreTexts(let id, let texts, let request): driver.score(id, texts, request)
    case .weighWords(let id, let request): driver.weigh(id, request)
    case .readAhead(let request): driver.readAhead(request)
    case .cancelRun(let id, let dropping): dropping ? driver.drop(id) : driver.cancel(id)
    case .withdraw(let id): driver.withdraw(id)
    case .wake(let timer, let delay): timers[timer] = .now + .milliseconds(delay)
    case .export(let request):
      handle(
        .exported(path: request.path, failure: ExportWriter.write(request, theme: exportTheme)))
    case .redraw: terminal.forgetScreen()
    }
  }
}
